/** The columns of the table of tensors. */
import type { CheckpointModule, CheckpointTensor } from '../../src/protocol/checkpoint';
import type { LookedAt } from '../../src/protocol/checkpoint-page';
import type { Statistics } from '../../src/protocol/tensors';
import { bytesText } from '../shared/bytes';
import { element } from '../shared/dom';
import { figures, shareText, wholeNumber } from '../shared/format';
import { type GroupRow, keyOf, type Row } from '../tensor-table/name-tree';
import { smallHistogram } from '../tensor-table/small-histogram';
import type { Column } from '../tensor-table/tree-grid';

/** A tensor with its number, and where it stands in the tree. */
export interface ListedTensor {
  readonly number: number;
  readonly path: readonly string[];
  readonly tensor: CheckpointTensor;
}

/** What the columns show beside the tensors themselves. */
export interface Known {
  of(number: number): LookedAt | undefined;
  module(key: string): CheckpointModule | undefined;
}

/** The class without the package that it comes from. */
export function shortClass(className: string): string {
  return className.split('.').at(-1) ?? className;
}

const sum = (items: readonly ListedTensor[], of: (tensor: CheckpointTensor) => number) =>
  items.reduce((total, { tensor }) => total + of(tensor), 0);

function groupName({ label, path, items }: GroupRow<ListedTensor>, known: Known): Node {
  const module = known.module(keyOf(path));
  const kind =
    module === undefined ? [] : [element('span', { class: 'kind', text: shortClass(module.className) }), ' '];
  const count = element('span', { class: 'faint', text: wholeNumber(items.length) });
  return element('span', { children: [label, ' ', ...kind, count] });
}

/** `[64, 3, 7, 7]`; a number alone has the empty shape. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** The columns; those of figures are empty as long as nothing is known. */
export function tensorColumns(known: Known): Column<ListedTensor>[] {
  const statistics = (item: ListedTensor) => known.of(item.number)?.figures?.statistics;
  const figure = (
    id: string,
    rank: number,
    of: (statistics: Statistics) => number | null,
    text: (value: number, statistics: Statistics) => string,
    hint: string,
  ): Column<ListedTensor> => ({
    id,
    title: id === 'nan' ? 'NaN' : `${id[0]?.toUpperCase()}${id.slice(1)}`,
    hint,
    width: id === 'nan' ? 56 : 76,
    numeric: true,
    rank,
    cell: row => {
      if (row.kind === 'group') return undefined;
      const found = statistics(row.item);
      if (found === undefined) return element('span', { class: 'faint', text: unknownText(known, row.item) });
      const value = of(found);
      if (value === null) return element('span', { class: 'faint', text: '–' });
      const written = text(value, found);
      return id === 'nan' && value > 0 ? element('span', { class: 'bad', text: written }) : written;
    },
    order: (a, b) => {
      const [x, y] = [statistics(a), statistics(b)].map(found => found && of(found));
      return (y ?? Number.NEGATIVE_INFINITY) - (x ?? Number.NEGATIVE_INFINITY);
    },
  });
  return [
    {
      id: 'name',
      title: 'Name',
      width: 200,
      rank: 0,
      cell: row => (row.kind === 'group' ? groupName(row, known) : row.label),
      order: (a, b) => keyOf(a.path).localeCompare(keyOf(b.path), 'en', { numeric: true }),
    },
    {
      id: 'shape',
      title: 'Shape',
      width: 112,
      rank: 1,
      cell: (row: Row<ListedTensor>) => (row.kind === 'item' ? shapeText(row.item.tensor.shape) : undefined),
      order: (a, b) => b.tensor.elements - a.tensor.elements,
    },
    {
      id: 'type',
      title: 'Type',
      width: 80,
      rank: 3,
      cell: row => (row.kind === 'item' ? row.item.tensor.dtype : undefined),
      order: (a, b) => a.tensor.dtype.localeCompare(b.tensor.dtype),
    },
    {
      id: 'size',
      title: 'Size',
      width: 72,
      numeric: true,
      rank: 4,
      cell: row =>
        row.kind === 'item'
          ? bytesText(row.item.tensor.bytes)
          : element('span', { class: 'faint', text: bytesText(sum(row.items, ({ bytes }) => bytes)) }),
      order: (a, b) => b.tensor.bytes - a.tensor.bytes,
    },
    figure('min', 8, ({ min }) => min, figures, 'The smallest finite value'),
    figure('mean', 7, ({ mean }) => mean, figures, 'The mean of the finite values'),
    figure('max', 9, ({ max }) => max, figures, 'The largest finite value'),
    figure('std', 6, ({ std }) => std, figures, 'The standard deviation of the finite values'),
    figure(
      'zeros',
      10,
      ({ zeros, count }) => (count === 0 ? 0 : zeros / count),
      shareText,
      'The share of values that are exactly 0',
    ),
    figure(
      'nan',
      5,
      ({ nan, infinite }) => nan + infinite,
      value => wholeNumber(value),
      'How many values are NaN or infinite',
    ),
    {
      id: 'histogram',
      title: 'Histogram',
      width: 88,
      rank: 2,
      cell: row => {
        const found = row.kind === 'item' ? known.of(row.item.number)?.figures : undefined;
        return found == null ? undefined : smallHistogram(found);
      },
    },
  ];
}

function unknownText(known: Known, { number, tensor }: ListedTensor): string {
  return known.of(number) === undefined && tensor.problem === undefined ? '' : '–';
}
