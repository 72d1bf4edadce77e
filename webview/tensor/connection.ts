/** The page's end of the wire. */
import { Endpoint } from '../../src/protocol/endpoint';
import {
  type Situation,
  type TensorHostRequests,
  type TensorPageEvents,
  tensorHostSide,
  tensorPageSide,
} from '../../src/protocol/tensor-page';
import type { TensorRef } from '../../src/protocol/tensors';
import { connect } from '../shared/wire';

/** What the connection tells the page. */
export interface ConnectionEvents {
  onSituation(situation: Situation): void;
  onSelect(tensor: TensorRef): void;
}

/** Asks the host; where the wire is lost, requests fail and the page is told the situation anew when it is back. */
export class Connection {
  #endpoint: Endpoint<object, TensorPageEvents, TensorHostRequests, object> | undefined;

  constructor(private readonly events: ConnectionEvents) {
    const wire = connect({
      onMessage: message => this.#endpoint?.receive(message),
      onOpen: () => {
        this.#endpoint?.close();
        this.#endpoint = new Endpoint<object, TensorPageEvents, TensorHostRequests, object>(
          tensorPageSide,
          tensorHostSide,
          {
            requests: {},
            events: {
              situation: situation => this.events.onSituation(situation),
              select: ({ tensor }) => this.events.onSelect(tensor),
            },
          },
          message => wire.send(message),
        );
        void this.request('ready', {}).then(
          situation => this.events.onSituation(situation),
          () => undefined,
        );
      },
      onClose: () => this.#endpoint?.close(),
    });
  }

  /** Asks the host. */
  async request<K extends keyof TensorHostRequests>(
    name: K,
    params: TensorHostRequests[K]['params'],
  ): Promise<TensorHostRequests[K]['result']> {
    if (this.#endpoint === undefined) throw new Error('the connection is not open yet');
    return this.#endpoint.request(name, params);
  }
}
