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
  /** What is being answered, maybe by a session that is no longer the current one. */
  readonly #answers = new Set<Promise<unknown>>();
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
          open: () => this.#answer(session => this.#open(session)),
          evaluate: ({ split }) => this.#answer(session => this.#evaluate(session, split)),
          progress: () => ({ share: this.#share }),
          cancel: () => {
            this.#stopping.abort();
            return {};
          },
          samples: ({ split, indices }) => this.#answer(session => this.#samples(session, split, indices)),
          predict: ({ pixels }) => this.#answer(session => this.#predict(session, pixels)),
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

  /** Answers by what is open now. */
  async #answer<T>(body: (session: EvaluationSession) => Promise<T>): Promise<T> {
    const answer = inWords(async () => body(await this.#get()));
    this.#answers.add(answer);
    try {
      return await answer;
    } finally {
      this.#answers.delete(answer);
    }
  }

  /** A file that has changed is opened anew, and so is one that could not be opened: it may be another by now. */
  #get(): Promise<EvaluationSession> {
    const stamp = stampOf(this.subject.file);
    if (this.#session === undefined || stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#stopping = new AbortController();
      const opened = EvaluationSession.open(this.subject, { signal: this.#stopping.signal });
      if (this.#session !== undefined) void this.#closeUnused(this.#session);
      this.#session = opened;
      opened.catch(() => {
        if (this.#session === opened) this.#session = undefined;
      });
    }
    return this.#session;
  }

  /** Closes a session that another one has replaced, as soon as nothing is computed with it any more. */
  async #closeUnused(replaced: Promise<EvaluationSession>): Promise<void> {
    await Promise.allSettled(this.#answers);
    // One that could not be opened has told whoever asked, and holds nothing.
    const session = await replaced.catch(() => undefined);
    await session?.close().catch((error: unknown) => console.error(error));
  }

  async #open(session: EvaluationSession): Promise<OpenedEvaluation> {
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

  async #evaluate(session: EvaluationSession, split: 'train' | 'test') {
    this.#stopping = new AbortController();
    this.#share = 0;
    const report = await session.evaluate(split, {
      signal: this.#stopping.signal,
      onProgress: share => {
        this.#share = share;
      },
    });
    return report.notKept === undefined ? report : { ...report, notKept: editorWords(report.notKept) };
  }

  async #samples(
    session: EvaluationSession,
    split: 'train' | 'test',
    indices: readonly number[],
  ): Promise<EvaluationSamples> {
    const { numbers, labels } = await session.samples(split, indices);
    if (!(numbers instanceof Uint8Array)) throw new Error('these samples are no images');
    return { pixels: Buffer.from(numbers).toString('base64'), labels: [...labels] };
  }

  async #predict(session: EvaluationSession, pixels: string) {
    const began = performance.now();
    const probabilities = await session.predict(Buffer.from(pixels, 'base64'));
    return { probabilities: [...probabilities], milliseconds: performance.now() - began };
  }
}
