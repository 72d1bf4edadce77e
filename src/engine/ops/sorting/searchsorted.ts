/** Where values belong in sorted sequences. */
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { full } from '../creation/creation';
import { at, build } from '../kernels';
import { defineOp } from '../op';
import { arithmeticType, promote } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';

type Search = { right: boolean; int32: boolean };

/** How often a range of so many places can be halved until nothing is left of it. */
const halvings = (length: number): number => (length === 0 ? 0 : Math.floor(Math.log2(length)) + 1);

/** The place in a row, found by halving the range as PyTorch does: so the answer is the same where the row holds NaN. */
function placeIn(row: (place: number) => number, length: number, value: number, right: boolean): number {
  let [start, end] = [0, length];
  while (start < end) {
    const middle = Math.floor((start + end) / 2);
    const beyond = right ? row(middle) > value : row(middle) >= value;
    if (beyond) end = middle;
    else start = middle + 1;
  }
  return start;
}

/**
 * How many elements of the sequence lie before each value: the first that is ≥ (or, from the right, >) it is found by
 * halving the range. NaN counts as the largest.
 */
const searchsortedOp = defineOp<Search>({
  name: 'searchsorted',
  infer: ([, values], { int32 }) => ({ shape: values?.shape ?? [], dtype: int32 ? 'int32' : 'int64' }),
  lower(graph, { inputs: [sequence, values], attributes: { right }, shape, dtype }) {
    if (sequence === undefined || values === undefined) throw new Error('searchsorted takes two inputs');
    const type = arithmeticType(promote([sequence, { ...meta(values), shape: [1] }]));
    const [rows, wanted] = [graph.as(sequence, type), graph.as(values, type)];
    const length = sequence.shape.at(-1) ?? 0;
    const all = (value: number) => graph.node('Expand', [graph.scalar(value, 'int64'), graph.ints(shape)]);
    const [one, two, last] = [1, 2, length - 1].map(value => graph.scalar(value, 'int64'));
    const at = (places: string) =>
      sequence.shape.length === 1
        ? graph.node('Gather', [rows, places], { axis: 0 })
        : graph.node('GatherElements', [rows, places], { axis: shape.length - 1 });
    let [start, end] = [all(0), all(length)];
    for (let round = 0; round < halvings(length); round++) {
      const middle = graph.node('Div', [graph.node('Add', [start, end]), two ?? '']);
      const found = at(graph.node('Min', [middle, last ?? '']));
      const beyond = graph.node(right ? 'Greater' : 'GreaterOrEqual', [found, wanted]);
      const upwards = graph.node('And', [graph.node('Less', [start, end]), graph.node('Not', [beyond])]);
      start = graph.node('Where', [upwards, graph.node('Add', [middle, one ?? '']), start]);
      end = graph.node('Where', [upwards, end, middle]);
    }
    return graph.cast(start, 'int64', dtype);
  },
  kernel: ([sequence, values], { right }, output) =>
    build(output, index => {
      if (sequence === undefined || values === undefined) return 0;
      const row = sequence.shape.length === 1 ? [] : index.slice(0, -1);
      const length = sequence.shape.at(-1) ?? 0;
      return placeIn(place => at(sequence, [...row, place]), length, at(values, index), right);
    }),
});

const meta = ({ shape, dtype }: Meta): Meta => ({ shape, dtype });

/** Options of {@link searchsorted}. */
export interface SearchOptions {
  /** The result is int32 instead of int64. */
  readonly outInt32?: boolean;
  /** The last place that fits instead of the first, where elements are equal to the value. */
  readonly right?: boolean;
  /** `right` in a word. */
  readonly side?: 'left' | 'right' | null;
  /** The indices that sort the sequence, if it is not sorted. */
  readonly sorter?: Tensor | null;
}

function checkSearch(sequence: Tensor, values: Tensor, { right, side, sorter }: SearchOptions): void {
  if (right === true && side === 'left') {
    throw new EngineError(
      "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True",
    );
  }
  if (sequence.ndim === 0) {
    throw new EngineError('torch.searchsorted(): the sorted sequence must have at least one dimension');
  }
  if (sorter && !sameShape(sorter.shape, sequence.shape)) {
    throw new EngineError(
      `torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor ` +
        `${formatShape(sequence.shape)} and got sorter tensor ${formatShape(sorter.shape)}`,
    );
  }
  const same = sameShape(sequence.shape.slice(0, -1), values.shape.slice(0, -1));
  if (sequence.ndim > 1 && (!same || sequence.ndim !== values.ndim)) {
    throw new EngineError(
      `torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries ` +
        `tensor and input value tensor must match, but we got boundaries tensor ${formatShape(sequence.shape)} and ` +
        `input value tensor ${formatShape(values.shape)}`,
    );
  }
}

/**
 * The places where `values` can be put into `sequence` so that its last dimension stays sorted.
 * @param sequence sorted; one for all values, or one for each row of `values`
 */
export function searchsorted(sequence: Tensor, values: Tensor | number, options: SearchOptions = {}): Tensor {
  const { dtype, device } = sequence;
  const wanted = typeof values === 'number' ? full([], values, { dtype, device }) : values;
  checkSearch(sequence, wanted, options);
  const { right = false, side, sorter, outInt32 = false } = options;
  const sorted = sorter ? sequence.gather(-1, sorter) : sequence;
  return apply(searchsortedOp, [sorted.detach(), wanted.detach()], {
    right: right || side === 'right',
    int32: outInt32,
  });
}

/** {@link searchsorted} with the values first. */
export function bucketize(values: Tensor | number, boundaries: Tensor, options: SearchOptions = {}): Tensor {
  if (boundaries.ndim !== 1) {
    throw new EngineError(
      `boundaries tensor must be 1 dimension, but got dim(${boundaries.ndim}): the buckets of all values are the same`,
    );
  }
  return searchsorted(boundaries, values, options);
}

defineSignatures(`
  searchsorted(sorted_sequence, self)
  bucketize(self, boundaries)
`);
