/**
 * The Python cells of a notebook as one text, since what a cell defines the next ones use; and which line of it is which
 * line of which cell. Lines that are no Python (`%matplotlib inline`, `!pip install …`) become comments.
 */

/** A cell: where it is, and what is in it. */
export interface CellText {
  readonly uri: string;
  readonly text: string;
}

/** Cells as one text. */
export interface JoinedCells {
  readonly text: string;
  /** For each cell the line of the text, from 0, at which it begins, in order. */
  readonly starts: readonly { readonly uri: string; readonly line: number; readonly lines: number }[];
}

/** Puts cells one below the other. Columns stay what they are. */
export function joinCells(cells: readonly CellText[]): JoinedCells {
  const lines: string[] = [];
  const starts: { uri: string; line: number; lines: number }[] = [];
  for (const { uri, text } of cells) {
    const own = text.split(/\r\n|\r|\n/);
    // A whole cell may be of another language: `%%bash`.
    const foreign = /^\s*%%/.test(own[0] ?? '');
    starts.push({ uri, line: lines.length, lines: own.length });
    for (const line of own) lines.push(foreign || /^\s*[%!]/.test(line) ? line.replace(/\S/, '#') : line);
  }
  return { text: lines.join('\n'), starts };
}

/** The cell of a line of the joined text, and the line in it; both from 0. */
export function cellOf(
  { starts }: JoinedCells,
  line: number,
): { readonly uri: string; readonly line: number } | undefined {
  const found = starts.find(start => line >= start.line && line < start.line + start.lines);
  return found === undefined ? undefined : { uri: found.uri, line: line - found.line };
}
