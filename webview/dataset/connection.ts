/** The page's end of the wire: a fresh endpoint whenever it opens, and whenever the dataset is to be read anew. */
import {
  type DatasetEvents,
  type DatasetRequests,
  datasetHostSide,
  datasetPageSide,
} from '../../src/protocol/dataset';
import { Endpoint } from '../../src/protocol/endpoint';
import { connect, type Wire } from '../shared/wire';

/** Milliseconds that reading may take. */
const readingPatience = 600_000;

/** What the connection tells the page. */
export interface ConnectionEvents {
  /** There is somebody to ask; what was answered before does not count any more. */
  onOpen(): void;
  /** There is nobody to ask, and what was asked is not answered. */
  onLost(reason: string): void;
}

/** The connection to whoever reads the dataset. */
export class Connection {
  readonly wire: Wire;
  #endpoint: Endpoint<object, DatasetEvents, DatasetRequests, object> | undefined;

  constructor(private readonly events: ConnectionEvents) {
    this.wire = connect({
      onMessage: message => this.#endpoint?.receive(message),
      onOpen: () => this.begin(),
      onClose: () => this.#lose('the connection is lost'),
    });
  }

  /** Asks for something. */
  async request<K extends keyof DatasetRequests>(
    name: K,
    params: DatasetRequests[K]['params'],
  ): Promise<DatasetRequests[K]['result']> {
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
    this.#endpoint = new Endpoint<object, DatasetEvents, DatasetRequests, object>(
      datasetPageSide,
      datasetHostSide,
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
