/** Answers the page of an evaluation: opens a model and a dataset once, and computes what is asked of them. */
import { statSync } from 'node:fs';
import { Endpoint, type WireMessage } from '../protocol/endpoint';
import {
  type EvaluationEvents,
  type EvaluationRequests,
  type EvaluationSamples,
  evaluationHostSide,
  evaluationPageSide,
  type OpenedEvaluation,
  type PageSubject,
} from '../protocol/evaluation-page';
import { EvaluationSession, findEvaluation, messageOf } from '../training';
import { editorWords } from './words';

/** Failures reach the person as one sentence in the words of the editor. */
async function inWords<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    console.error(error);
    throw new Error(editorWords(messageOf(error)));
  }
}

/** Changes with a file. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.mtimeMs} ${found.size}`;
}

/** One model, one dataset, one page. */
export class Evaluator {
  readonly #endpoint: Endpoint<EvaluationRequests, object, object, EvaluationEvents>;
  #session: Promise<EvaluationSession> | undefined;
  #stopping = new AbortController();
  /** When the file that is open was written, and how large it is. */
  #stamp = '';
  /** How much of the evaluation is done. */
  #share = 0;

  constructor(
    private readonly subject: PageSubject,
    send: (message: WireMessage) => void,
  ) {
    this.#endpoint = new Endpoint<EvaluationRequests, object, object, EvaluationEvents>(
      evaluationHostSide,
      evaluationPageSide,
      {
        requests: {
          open: () => inWords(() => this.#open()),
          evaluate: ({ split }) => inWords(() => this.#evaluate(split)),
          progress: () => ({ share: this.#share }),
          cancel: () => {
            this.#stopping.abort();
            return {};
          },
          samples: ({ split, indices }) => inWords(() => this.#samples(split, indices)),
          predict: ({ pixels }) => inWords(() => this.#predict(pixels)),
        },
        events: {},
      },
      send,
    );
  }

  /** Takes in a message of the page. */
  receive(message: unknown): void {
    this.#endpoint.receive(message);
  }

  /** Opens before anybody asks, while the page is still loaded; what goes wrong is told to whoever does. */
  begin(): void {
    this.#get().catch(() => undefined);
  }

  /** A file that has changed is opened anew, and so is one that could not be opened: it may be another by now. */
  #get(): Promise<EvaluationSession> {
    const stamp = stampOf(this.subject.file);
    if (this.#session === undefined || stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#stopping = new AbortController();
      const opened = EvaluationSession.open(this.subject, { signal: this.#stopping.signal });
      this.#session = opened;
      opened.catch(() => {
        this.#session = undefined;
      });
    }
    return this.#session;
  }

  async #open(): Promise<OpenedEvaluation> {
    const session = await this.#get();
    const { name, train, test, classes } = session.data;
    const [channels = 1, height = 0, width = 0] =
      train.shape.length === 2 ? [1, ...train.shape] : train.shape.length === 3 ? train.shape : [];
    const isImage = train.images instanceof Uint8Array && height > 0 && (channels === 1 || channels === 3);
    return {
      subject: this.subject,
      model: session.model.description,
      dataset: {
        name,
        folder: session.folder,
        image: isImage ? { height, width, channels } : null,
        classes: [...classes],
        samples: { train: train.length, test: test?.length ?? 0 },
      },
      kept: (await findEvaluation(session, 'test')) ?? null,
    };
  }

  async #evaluate(split: 'train' | 'test') {
    const session = await this.#get();
    this.#stopping = new AbortController();
    this.#share = 0;
    return session.evaluate(split, {
      signal: this.#stopping.signal,
      onProgress: share => {
        this.#share = share;
      },
    });
  }

  async #samples(split: 'train' | 'test', indices: readonly number[]): Promise<EvaluationSamples> {
    const session = await this.#get();
    const { numbers, labels } = await session.samples(split, indices);
    if (!(numbers instanceof Uint8Array)) throw new Error('these samples are no images');
    return { pixels: Buffer.from(numbers).toString('base64'), labels: [...labels] };
  }

  async #predict(pixels: string) {
    const session = await this.#get();
    const began = performance.now();
    const probabilities = await session.predict(Buffer.from(pixels, 'base64'));
    return { probabilities: [...probabilities], milliseconds: performance.now() - began };
  }
}
