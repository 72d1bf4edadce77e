/** The thread that reads Python, seen from the extension host: one text after the other, each answered in time. */
import { ReaderThread } from '../common/reader-thread';
import { answerSchema, type FoundAnalysis, type Question } from './reading-contract';

/** A reading never takes this long, in milliseconds; a thread that does is ended and the next text gets a new one. */
const patience = 3000;

interface Waiting {
  readonly settle: (analysis: FoundAnalysis | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

/** Reads texts in a thread, which is started when there is something to read. */
export class PythonReader {
  readonly #waiting = new Map<number, Waiting>();
  readonly #thread: ReaderThread;
  #next = 1;

  /**
   * @param module the bundle of the thread
   * @param onFailure told why a thread has failed
   */
  constructor(
    module: string,
    private readonly onFailure: (reason: string) => void,
  ) {
    this.#thread = new ReaderThread(module, undefined, {
      onMessage: message => this.#answer(message),
      onFailure: reason => this.#fail(reason),
    });
  }

  /** What is known of a text; undefined where it could not be read. */
  read(question: Omit<Question, 'id'>): Promise<FoundAnalysis | undefined> {
    return new Promise(settle => {
      const id = this.#next++;
      const timer = setTimeout(() => this.#fail('a file took too long to be read'), patience);
      this.#waiting.set(id, { settle, timer });
      this.#thread.post({ id, ...question });
    });
  }

  /** Ends the thread. */
  dispose(): void {
    this.#thread.dispose();
    this.#release();
  }

  #answer(message: unknown): void {
    const { id, analysis } = answerSchema.parse(message);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    waiting.settle(analysis);
  }

  #fail(reason: string): void {
    this.#thread.dispose();
    this.#release();
    this.onFailure(reason);
  }

  /** Nobody is left waiting. */
  #release(): void {
    for (const { settle, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      settle(undefined);
    }
    this.#waiting.clear();
  }
}
