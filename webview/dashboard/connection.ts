/** The page's end of the wire: a fresh endpoint each time the wire opens, and one name for the page's life. */
import {
  type HostRequests,
  hostSide,
  type PageEvents,
  type PageRequests,
  pageSide,
  type Welcome,
} from '../../src/protocol/dashboard';
import { Endpoint, type Handlers } from '../../src/protocol/endpoint';
import { connect, type Wire } from '../shared/wire';

/** What the connection tells the page. */
export interface ConnectionEvents extends Handlers<PageRequests, PageEvents> {
  onWelcome(welcome: Welcome): void;
}

/** Requests for which the host may ask the person: where to save, what to train on. */
const askPerson: ReadonlySet<keyof HostRequests> = new Set(['save', 'saveCsv', 'train']);
/** Milliseconds that a person has. */
const personsPatience = 3_600_000;

/** Milliseconds after which a host that did not answer the first question is asked again. */
const again = 1000;

/** The connection to the host. */
export class Connection {
  readonly wire: Wire;
  readonly #page = crypto.randomUUID();
  #endpoint: Endpoint<PageRequests, PageEvents, HostRequests, object> | undefined;

  constructor(private readonly events: ConnectionEvents) {
    this.wire = connect({
      onMessage: message => this.#endpoint?.receive(message),
      onOpen: () => void this.#open(),
      onClose: () => this.#endpoint?.close(),
    });
  }

  /** Asks the host. */
  async request<K extends keyof HostRequests>(
    name: K,
    params: HostRequests[K]['params'],
  ): Promise<HostRequests[K]['result']> {
    if (this.#endpoint === undefined) throw new Error('the connection is not open yet');
    return this.#endpoint.request(name, params, askPerson.has(name) ? personsPatience : undefined);
  }

  async #open(): Promise<void> {
    this.#endpoint?.close();
    const endpoint = new Endpoint<PageRequests, PageEvents, HostRequests, object>(
      pageSide,
      hostSide,
      this.events,
      message => this.wire.send(message),
    );
    this.#endpoint = endpoint;
    try {
      this.events.onWelcome(await endpoint.request('ready', { page: this.#page }));
    } catch {
      // Where the wire was lost it opens again by itself; a host that is slow to begin is asked once more.
      setTimeout(() => {
        if (this.#endpoint === endpoint) void this.#open();
      }, again);
    }
  }
}
