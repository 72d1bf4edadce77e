/** Early stopping: a run ends when it has not become better for some epochs. */

/** Where it stands. */
export interface StoppingState {
  /** The score that an epoch must surpass. */
  readonly score: number;
  /** Epochs since then. */
  readonly waited: number;
}

/** Watches the scores of epochs, of which more is better. */
export class EarlyStopping {
  #score = Number.NEGATIVE_INFINITY;
  #waited = 0;

  /**
   * @param patience epochs without improvement after which the run ends; null for never
   * @param minDelta the smallest improvement that counts
   */
  constructor(
    private readonly patience: number | null,
    private readonly minDelta: number,
  ) {}

  /** Takes the score of an epoch into account. */
  see(score: number): void {
    if (score > this.#score && score - this.#score >= this.minDelta) {
      this.#score = score;
      this.#waited = 0;
    } else this.#waited++;
  }

  /** Whether it is time to end. */
  get over(): boolean {
    return this.patience !== null && this.#waited >= this.patience;
  }

  /** Begins to count anew: whoever goes on with a run that has ended wants more of it. */
  forgive(): void {
    this.#waited = 0;
  }

  /** Where it stands. */
  get state(): StoppingState {
    return { score: this.#score, waited: this.#waited };
  }

  /** Goes on from where another one stood. */
  restore({ score, waited }: StoppingState): void {
    this.#score = score;
    this.#waited = waited;
  }
}
