/**
 * What tensors come to, asked for a few at a time: first of those that can be seen, then of all others, in the order of
 * the file. A person can stop it, and it rests while nobody looks.
 */
import { messageOf } from '../shared/errors';

/** What is asked, and who is told. */
export interface FiguresFeedEvents<Found> {
  /** Asks for some; the answer may hold fewer, but one at least. */
  ask(numbers: number[]): Promise<readonly Found[]>;
  /** Those that can be seen. */
  visible(): readonly number[];
  numberOf(found: Found): number;
  /** Something has become known, or the feed stands otherwise. */
  changed(): void;
}

/** How many are asked for at once. */
const atOnce = 128;

/** The feed. */
export class FiguresFeed<Found> {
  readonly #known = new Map<number, Found>();
  #total = 0;
  #stopped = false;
  #busy = false;
  #problem: string | undefined;
  /** The file that is read; what another one has brought is passed over. */
  #reading = 0;

  constructor(private readonly events: FiguresFeedEvents<Found>) {
    document.addEventListener('visibilitychange', () => void this.#ask());
  }

  /** Begins with another file. */
  begin(total: number): void {
    this.#known.clear();
    this.#total = total;
    this.#reading++;
    this.#busy = false;
    this.#stopped = false;
    this.#problem = undefined;
    void this.#ask();
  }

  /** What is known of one. */
  get(number: number): Found | undefined {
    return this.#known.get(number);
  }

  get known(): number {
    return this.#known.size;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether a person has stopped it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Why it has ended early; undefined where it has not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Stops, or goes on. */
  setStopped(stopped: boolean): void {
    this.#stopped = stopped;
    this.#problem = undefined;
    this.events.changed();
    void this.#ask();
  }

  /** Keeps what was found on another way. */
  learn(found: Found): void {
    this.#known.set(this.events.numberOf(found), found);
    this.events.changed();
  }

  #next(): number[] {
    const wanted = this.events.visible().filter(number => !this.#known.has(number));
    for (let number = 0; number < this.#total && wanted.length < atOnce; number++) {
      if (!this.#known.has(number) && !wanted.includes(number)) wanted.push(number);
    }
    return wanted.slice(0, atOnce);
  }

  async #ask(): Promise<void> {
    if (this.#busy) return;
    const reading = this.#reading;
    this.#busy = true;
    try {
      while (!this.#stopped && !document.hidden && this.#known.size < this.#total) {
        const found = await this.events.ask(this.#next());
        if (reading !== this.#reading) return;
        if (found.length === 0) throw new Error('nothing was answered');
        for (const each of found) this.#known.set(this.events.numberOf(each), each);
        this.events.changed();
      }
    } catch (error) {
      if (reading !== this.#reading) return;
      this.#problem = messageOf(error);
      this.#stopped = true;
      this.events.changed();
    } finally {
      if (reading === this.#reading) this.#busy = false;
    }
  }
}
