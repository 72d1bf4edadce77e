/** The thread that reads Python, seen from the extension host: one text after the other, each answered in time. */
import { ReaderThread } from '../common/reader-thread';
import { answerSchema, type FoundAnalysis, type Question } from './reading-contract';

/** A reading never takes this long, in milliseconds; a thread that does is ended and the next text gets a new one. */
const patience = 5000;

/**
 * A reading needs a fraction of this, in MiB; a thread that wants more is ended by Node, and nothing else is. Almost
 * all that it makes is gone when it ends: with room for that, a reading takes a sixth less.
 */
const limits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 96 };

interface Waiting {
  readonly question: Question;
  readonly settle: (analysis: FoundAnalysis | undefined) => void;
}

/** Reads texts in a thread, which is started when there is something to read. */
export class PythonReader {
  /** Those that wait, the oldest first; the thread has that one alone. */
  readonly #waiting: Waiting[] = [];
  readonly #thread: ReaderThread;
  #timer: NodeJS.Timeout | undefined;
  #next = 1;

  /**
   * @param module the bundle of the thread
   * @param onFailure told why a text could not be read
   */
  constructor(
    module: string,
    private readonly onFailure: (reason: string) => void,
  ) {
    const listener = {
      onMessage: (message: unknown) => this.#answer(message),
      onFailure: (reason: string) => this.#fail(reason),
    };
    this.#thread = new ReaderThread(module, undefined, listener, limits);
  }

  /** What is known of a text; undefined where it could not be read. */
  read(question: Omit<Question, 'id'>): Promise<FoundAnalysis | undefined> {
    return new Promise(settle => {
      this.#waiting.push({ question: { id: this.#next++, ...question }, settle });
      if (this.#waiting.length === 1) this.#ask();
    });
  }

  /** Ends the thread; whoever waits is told that nothing is known. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#thread.dispose();
    for (const { settle } of this.#waiting.splice(0)) settle(undefined);
  }

  /** Gives the oldest question to the thread. */
  #ask(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#timer = setTimeout(() => this.#fail('it took too long'), patience);
    this.#thread.post(first.question);
  }

  #answer(message: unknown): void {
    const answer = answerSchema.safeParse(message);
    if (!answer.success) this.#fail('the answer was not what was expected');
    else if (answer.data.id === this.#waiting[0]?.question.id) this.#settle(answer.data.analysis);
  }

  /** The oldest question is the one that could not be answered; the others get a new thread. */
  #fail(reason: string): void {
    this.#thread.dispose();
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.onFailure(`${first.question.file}: ${reason}`);
    this.#settle(undefined);
  }

  #settle(analysis: FoundAnalysis | undefined): void {
    clearTimeout(this.#timer);
    this.#waiting.shift()?.settle(analysis);
    this.#ask();
  }
}
