/**
 * A page's end of the wire to whoever reads files for it: a fresh endpoint whenever the wire opens, and whenever what was
 * read does not count any more.
 */
import { Endpoint, type RequestMap, type Side } from '../../src/protocol/endpoint';
import { connect, type Wire } from './wire';

/** Milliseconds that reading may take. */
const readingPatience = 600_000;

/** What a reader tells its page. */
export interface ReaderEvents {
  readonly changed: object;
  readonly failed: { readonly message: string };
}

/** What the connection tells the page. */
export interface ConnectionEvents {
  /** There is somebody to ask; what was answered before does not count any more. */
  onOpen(): void;
  /** There is nobody to ask, and what was asked is not answered. */
  onLost(reason: string): void;
}

/** The connection to a reader. */
export class ReaderConnection<Requests extends RequestMap<Requests>> {
  readonly wire: Wire;
  #endpoint: Endpoint<object, ReaderEvents, Requests, object> | undefined;

  constructor(
    private readonly pageSide: Side<object, ReaderEvents>,
    private readonly hostSide: Side<Requests, object>,
    private readonly events: ConnectionEvents,
  ) {
    this.wire = connect({
      onMessage: message => this.#endpoint?.receive(message),
      onOpen: () => this.begin(),
      onClose: () => this.#lose('the connection is lost'),
    });
  }

  /** Asks for something. */
  async request<K extends keyof Requests & string>(
    name: K,
    params: Requests[K]['params'],
  ): Promise<Requests[K]['result']> {
    if (this.#endpoint === undefined) throw new Error('the connection is not open');
    return this.#endpoint.request(name, params, readingPatience);
  }

  /** Begins anew: what is still waited for fails. */
  begin(): void {
    this.#endpoint?.close();
    const events = {
      changed: () => this.begin(),
      failed: ({ message }: { readonly message: string }) => this.#lose(message),
    };
    this.#endpoint = new Endpoint<object, ReaderEvents, Requests, object>(
      this.pageSide,
      this.hostSide,
      { requests: {}, events },
      message => this.wire.send(message),
    );
    this.events.onOpen();
  }

  #lose(reason: string): void {
    this.events.onLost(reason);
    this.#endpoint?.close(reason);
  }
}
