/**
 * What goes wrong with somebody's data. Every such error is one line that names the file, says what was
 * expected and what was found there, and what to do about it: it is shown to the person as it is.
 */

/** A file or folder of data that cannot be used; its message is one line for the person who chose it. */
export class DataError extends Error {
  override readonly name: string = 'DataError';
  /** The file or folder that is to blame. */
  readonly file: string;

  /** @param problem what is wrong and what to do, without the file's name: that is put in front. */
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(oneLine(`${file}: ${problem}`), options);
    this.file = file;
  }
}

/**
 * The text with its control characters written as spaces: a file's name may contain a line break, what a terminal takes
 * for a command, and what turns the direction of the text after it.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** The `code` of a file system or zlib error (`ENOENT`, `Z_BUF_ERROR`), or `undefined`. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

/** A number of things as a message says it: `count(1, 'file')` is "1 file", `count(60000, 'image')` "60,000 images". */
export function count(n: number, noun: string): string {
  const written = n < 1e15 ? n.toLocaleString('en-US') : n.toExponential(1);
  return `${written} ${noun}${n === 1 ? '' : 's'}`;
}
