/** The page's end of the worker that lays graphs out. */
import type { Graph } from '../../../src/protocol/graph';
import type { OutlineItem, Scene } from '../scene';
import program from './worker?worker';
import type { Fonts, Reply, Request, Task } from './worker-contract';

interface Waiting {
  readonly settle: (reply: Reply) => void;
  readonly fail: (error: Error) => void;
}

/** Lays graphs out in a worker. */
export class Arranger {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor() {
    // The page's policy lets it run workers of its own making only; none is loaded from anywhere.
    const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
    this.#worker = new Worker(address, { name: 'graph layout' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      this.#waiting.get(data.id)?.settle(data);
      this.#waiting.delete(data.id);
    });
    this.#worker.addEventListener('error', ({ message }) => {
      for (const { fail } of this.#waiting.values()) fail(new Error(message || 'the layout has failed'));
      this.#waiting.clear();
    });
  }

  /** Takes a graph in; gives everything in it that can be drawn. */
  async read(graph: Graph, fonts: Fonts): Promise<readonly OutlineItem[]> {
    const reply = await this.#ask({ kind: 'read', graph, fonts });
    return reply.kind === 'outline' ? reply.outline : [];
  }

  /** Draws it with these containers open. */
  async draw(open: Iterable<string>): Promise<Scene> {
    const reply = await this.#ask({ kind: 'draw', open: [...open] });
    if (reply.kind !== 'scene') throw new Error('the layout has answered something else');
    return reply.scene;
  }

  #ask(task: Task): Promise<Exclude<Reply, { kind: 'error' }>> {
    const request: Request = { id: this.#next++, task };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, {
        settle: reply => (reply.kind === 'error' ? reject(new Error(reply.message)) : resolve(reply)),
        fail: reject,
      });
      this.#worker.postMessage(request);
    });
  }
}
