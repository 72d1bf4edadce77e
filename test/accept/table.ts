/** The tables of PyTorch's entries with ours beside them. */
import { leftOut, type Row } from './score';

function line(entry: string, row: Row | undefined): string {
  if (row === undefined || row.missing) return `| \`${entry}\` | – | | | |`;
  const reasons = leftOut.filter(one => one.entry === entry).map(({ reason }) => reason);
  if (row.noInPlace) reasons.push('There is no form in place.');
  const left = [row.leftOut || '', ...new Set(reasons)].join(' ').trim();
  return `| \`${entry}\` | yes | ${row.agree} | ${row.differ || ''} | ${left} |`;
}

type Rows = ReadonlyMap<string, Row>;

const countOf = (entries: readonly string[], rows: Rows): number =>
  entries.filter(entry => rows.get(entry)?.missing === false).length;

function tableOf(entries: readonly string[], rows: Rows): string[] {
  return [
    '| entry | ours | samples that agree | differ | left out |',
    '|---|---|---|---|---|',
    ...entries.map(entry => line(entry, rows.get(entry))),
    '',
  ];
}

/** The table of operations, as Markdown. */
export function operationTable(entries: readonly string[], rows: Rows, version: string): string {
  return [
    "# PyTorch's operations and ours",
    '',
    `The ${entries.length} entries of \`op_db\` of PyTorch ${version}, and how many samples of each agree: value, type, shape,`,
    `gradient and chain of nodes, as float32, float64, int64 and bool where an entry has them, and in place as float32.`,
    `${countOf(entries, rows)} entries are there. Made by \`npm run accept:torch -- --write\`.`,
    '',
    ...tableOf(entries, rows),
  ].join('\n');
}

/** The table of modules, as Markdown. */
export function moduleTable(entries: readonly string[], rows: Rows, version: string): string {
  return [
    "# PyTorch's modules and ours",
    '',
    `The ${entries.length} entries of \`module_db\` of PyTorch ${version}, and how many float32 samples of each agree, in training`,
    'and in evaluation: keys, types and shapes of the `state_dict`, which is loaded, outputs, gradients of inputs and parameters,',
    `and the state afterwards. ${countOf(entries, rows)} entries are there.`,
    '',
    ...tableOf(entries, rows),
  ].join('\n');
}
