/** The columns of the table of pairs: what has become of each tensor, and by how much. */
import type { FoundDifference, TensorPair } from '../../src/protocol/comparison-page';
import { element } from '../shared/dom';
import { figures, shareText, wholeNumber } from '../shared/format';
import type { Row } from '../tensor-table/name-tree';
import { smallHistogram } from '../tensor-table/small-histogram';
import type { Column } from '../tensor-table/tree-grid';

/** A pair with its number, and where it stands in the tree. */
export interface ListedPair {
  readonly number: number;
  readonly path: readonly string[];
  readonly pair: TensorPair;
}

/** What is known of pairs by now. */
export interface KnownDifferences {
  of(number: number): FoundDifference | undefined;
  /** The largest relative change of all; the bars go up to it. */
  largest(): number;
}

/** What has become of a tensor, in a word; whether it has changed at all, only its values say. */
export const kindWords: Readonly<Record<TensorPair['kind'], string>> = {
  both: 'changed',
  reshaped: 'other shape',
  removed: 'removed',
  added: 'added',
};

/** What has another shape, is gone or is new comes before what has other values. */
const ranks: Readonly<Record<TensorPair['kind'], number>> = { reshaped: 3, removed: 2, added: 1, both: 0 };

const shapeOf = (tensor: TensorPair['before']) => (tensor === null ? '' : `[${tensor.shape.join(', ')}]`);

/** `[256, 784] → [512, 784]`, or the shape that both have. */
export function shapesText({ before, after }: TensorPair): string {
  const [first, second] = [shapeOf(before), shapeOf(after)];
  return before === null || after === null || first === second ? first || second : `${first} → ${second}`;
}

const elementsOf = ({ pair }: ListedPair) => (pair.after ?? pair.before)?.elements ?? 0;

function typesText({ before, after }: TensorPair): string {
  const [first, second] = [before?.dtype, after?.dtype];
  return first === undefined || second === undefined || first === second
    ? (first ?? second ?? '')
    : `${first} → ${second}`;
}

/** What has become of a pair: a word, and for other values a bar as long as they have changed. */
function changeCell({ number, pair }: ListedPair, known: KnownDifferences): Node | string {
  if (pair.kind !== 'both') {
    const kind = pair.outside ? 'faint' : `kind-${pair.kind}`;
    return element('span', { class: kind, text: kindWords[pair.kind] });
  }
  const found = known.of(number);
  if (found === undefined) return '';
  if (found.problem !== null) return element('span', { class: 'bad', text: 'unreadable' });
  if (found.changed === 0) return element('span', { class: 'faint', text: 'the same' });
  const share = found.relative ?? 1;
  const fill = element('span', { class: 'bar-fill' });
  fill.style.width = `${Math.max(1, (100 * share) / Math.max(known.largest(), 1e-30))}%`;
  const text = found.relative === null ? 'from 0' : relativeText(found.relative);
  return element('span', {
    class: 'amount',
    children: [
      element('span', { class: 'bar', children: [fill] }),
      element('span', { class: 'amount-text', text }),
    ],
  });
}

/** `12 %`, `0.034 %`, `× 4.1` where a tensor has changed by more than ten times its size. */
export function relativeText(relative: number): string {
  if (relative >= 10) return `× ${figures(relative)}`;
  const percent = relative * 100;
  return percent >= 0.1
    ? `${percent.toPrecision(percent >= 99.95 ? 3 : 2)} %`
    : `${percent.toExponential(0)} %`;
}

/** How much a pair has changed, for sorting: what has no values to compare stands first, other parts of a file last. */
export function weightOf({ number, pair }: ListedPair, known: KnownDifferences): number {
  if (pair.outside) return -2;
  if (pair.kind !== 'both') return 1e300 * ranks[pair.kind];
  const found = known.of(number);
  if (found === undefined) return -1;
  return found.changed > 0 ? (found.relative ?? 1e100) : 0;
}

/** The columns. */
export function pairColumns(known: KnownDifferences): Column<ListedPair>[] {
  const amount = (
    id: string,
    title: string,
    rank: number,
    of: (found: FoundDifference, pair: TensorPair) => number | null,
    text: (value: number) => string,
    hint: string,
  ): Column<ListedPair> => ({
    id,
    title,
    hint,
    width: 84,
    numeric: true,
    rank,
    cell: row => {
      const found = row.kind === 'item' ? known.of(row.item.number) : undefined;
      if (row.kind === 'group' || found == null || found.figures === null) return undefined;
      const value = of(found, row.item.pair);
      return value === null ? '–' : text(value);
    },
    order: (a, b) => {
      const [x, y] = [a, b].map(({ number, pair }) => {
        const found = known.of(number);
        return found?.figures == null ? Number.NEGATIVE_INFINITY : (of(found, pair) ?? 0);
      });
      return (y ?? 0) - (x ?? 0);
    },
  });
  const item = (row: Row<ListedPair>, body: (pair: ListedPair) => Node | string | undefined) =>
    row.kind === 'item' ? body(row.item) : undefined;
  return [
    {
      id: 'name',
      title: 'Name',
      width: 200,
      rank: 0,
      cell: row =>
        row.kind === 'item'
          ? row.label
          : element('span', {
              children: [
                row.label,
                ' ',
                element('span', { class: 'faint', text: wholeNumber(row.items.length) }),
              ],
            }),
      order: (a, b) => a.path.join('.').localeCompare(b.path.join('.'), 'en', { numeric: true }),
    },
    {
      id: 'relative',
      title: 'Change',
      hint: 'The norm of the change over the norm of the tensor in the first file',
      width: 136,
      rank: 1,
      cell: row => item(row, pair => changeCell(pair, known)),
      order: (a, b) => weightOf(b, known) - weightOf(a, known),
    },
    {
      id: 'histogram',
      title: 'Histogram',
      hint: 'The changes of the values',
      width: 88,
      rank: 2,
      cell: row => {
        const found = row.kind === 'item' ? known.of(row.item.number)?.figures : undefined;
        return found == null ? undefined : smallHistogram(found);
      },
    },
    amount(
      'norm',
      'Norm',
      4,
      ({ figures }) => figures?.statistics.norm ?? null,
      figures,
      'The norm of the change',
    ),
    amount(
      'most',
      'Largest',
      5,
      ({ figures }) =>
        figures === null
          ? null
          : Math.max(Math.abs(figures.statistics.min ?? 0), Math.abs(figures.statistics.max ?? 0)),
      figures,
      'The largest change of a value',
    ),
    amount(
      'share',
      'Values',
      6,
      ({ changed, figures }) => (figures === null ? null : changed / Math.max(1, figures.statistics.count)),
      shareText,
      'The share of values that are not the same',
    ),
    {
      id: 'shape',
      title: 'Shape',
      width: 168,
      rank: 3,
      cell: row => item(row, ({ pair }) => shapesText(pair)),
      order: (a, b) => elementsOf(b) - elementsOf(a),
    },
    {
      id: 'type',
      title: 'Type',
      width: 96,
      rank: 7,
      cell: row => item(row, ({ pair }) => typesText(pair)),
    },
  ];
}
