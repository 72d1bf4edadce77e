/** The table of PyTorch's entries with ours beside them. */

/** How the samples of an entry came out. */
export interface Row {
  readonly entry: string;
  agree: number;
  differ: number;
  leftOut: number;
  /** The engine has no such function. */
  missing: boolean;
  /** It has the function, and not the form that changes its first tensor. */
  noInPlace: boolean;
}

/** What may differ. */
interface LeftOut {
  readonly entry: string;
  readonly reason: string;
}

function line(entry: string, row: Row | undefined, reasons: readonly string[]): string {
  if (row === undefined || row.missing) return `| \`${entry}\` | – | | | |`;
  return `| \`${entry}\` | yes | ${row.agree} | ${row.differ || ''} | ${[row.leftOut || '', ...reasons].join(' ').trim()} |`;
}

/** The table as Markdown. */
export function table(
  entries: readonly string[],
  rows: ReadonlyMap<string, Row>,
  version: string,
  leftOut: readonly LeftOut[],
): string {
  const there = entries.filter(entry => rows.get(entry)?.missing === false).length;
  const lines = entries.map(entry => {
    const reasons = leftOut.filter(one => one.entry === entry).map(({ reason }) => reason);
    if (rows.get(entry)?.noInPlace) reasons.push('There is no form in place.');
    return line(entry, rows.get(entry), [...new Set(reasons)]);
  });
  return [
    "# PyTorch's operations and ours",
    '',
    `The ${entries.length} entries of \`op_db\` of PyTorch ${version}, and how many samples of each agree: value, type, shape,`,
    `gradient and chain of nodes, as float32, float64, int64 and bool where an entry has them, and in place as float32.`,
    `${there} entries are there. Made by \`npm run accept:torch -- --write\`.`,
    '',
    '| entry | ours | samples that agree | differ | left out |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
