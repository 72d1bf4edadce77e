/** What only the person can tell about their data: the answers that there are, and what is kept of the one that is given. */
import { DataError } from './data-error';
import type { DataOptions } from './options';

/** An answer. */
export interface DataChoice {
  /** In a few words: "csv", "the column breed". */
  readonly label: string;
  readonly description?: string;
  /** What is to be kept beside the data, so that nobody is asked again. */
  readonly options: DataOptions;
}

/** Data that can be read in several ways; its message says how to choose in a terminal. */
export class DataQuestion extends DataError {
  override readonly name = 'DataQuestion';

  /** @param choices the answers, one at least */
  constructor(
    file: string,
    problem: string,
    readonly choices: readonly DataChoice[],
  ) {
    super(file, problem);
  }
}

/** The answers to which column it is, of those with these names. */
export function columnChoices(
  columns: readonly { readonly name: string; readonly description?: string }[],
): DataChoice[] {
  return columns.map(({ name, description }) => {
    const number = /^column (\d+)$/.exec(name)?.[1];
    const labelColumn = number === undefined ? name : Number(number);
    return { label: name, ...(description && { description }), options: { labelColumn } };
  });
}

/** The answer that what cannot be read is left out. */
export function leaveOut(what: 'files' | 'rows'): DataChoice {
  return {
    label: `Leave out such ${what}`,
    description: `unreadable ${what} are counted and listed`,
    options: { onBadFile: 'skip' },
  };
}
