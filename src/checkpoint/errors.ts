/**
 * The one error that reading or writing a checkpoint may end in. Its message is a single line that
 * names the file, what was expected and what was found, so that it can be shown to a person as it is.
 */

/** A checkpoint that cannot be read or written, said in one line. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  /**
   * @param problem what is wrong, without the name of the file
   * @param file the file that it is about, where that is known
   */
  constructor(
    readonly problem: string,
    readonly file: string | undefined = undefined,
    options?: ErrorOptions,
  ) {
    super(oneLine(file === undefined ? problem : `${file}: ${problem}`), options);
  }

  /** The same problem, with the name of the file in front; unchanged where it has one already. */
  inFile(file: string): CheckpointError {
    return this.file === undefined ? new CheckpointError(this.problem, file, { cause: this }) : this;
  }
}

/** Text with line breaks and control characters replaced by spaces. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** A string out of a file as it may stand in a message: quoted, escaped and cut to `limit` characters. */
export function quote(text: string, limit = 60): string {
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}

/**
 * An amount of memory or work that a file may cause in all. A few bytes of a hostile file can ask for
 * gigabytes in many ways; each of them takes from a budget first.
 */
export class Budget {
  #left: number;

  /**
   * @param limit how much there is
   * @param problem what to say when it is used up
   */
  constructor(
    limit: number,
    private readonly problem: string,
  ) {
    this.#left = limit;
  }

  /** Takes `amount`, or throws a `CheckpointError` where not as much is left. */
  take(amount: number): void {
    if (!(amount <= this.#left)) throw new CheckpointError(this.problem);
    this.#left -= amount;
  }
}
