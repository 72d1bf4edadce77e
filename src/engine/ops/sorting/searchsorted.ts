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

type Search = { right: boolean; int32: boolean };

/**
 * How many elements of the sequence lie before each value: those that are not ≥ (or, from the right, not >) it, so
 * that NaN comes last.
 */
const searchsortedOp = defineOp<Search>({
  name: 'searchsorted',
  infer: ([, values], { int32 }) => ({ shape: values?.shape ?? [], dtype: int32 ? 'int32' : 'int64' }),
  lower(graph, { inputs: [sequence, values], attributes: { right }, shape, dtype }) {
    if (sequence === undefined || values === undefined) throw new Error('searchsorted takes two inputs');
    const type = arithmeticType(promote([sequence, { ...meta(values), shape: [1] }]));
    const dims = shape.length;
    const behind = graph.ints([dims]);
    const columns = graph.node('Unsqueeze', [graph.as(values, type), behind]);
    const one = sequence.shape.length === 1;
    const rows = one
      ? graph.as(sequence, type)
      : graph.node('Unsqueeze', [graph.as(sequence, type), graph.ints([dims - 1])]);
    const beyond = graph.node(right ? 'Greater' : 'GreaterOrEqual', [rows, columns]);
    const before = graph.cast(graph.node('Not', [beyond]), 'bool', 'int32');
    return graph.cast(graph.node('ReduceSum', [before, behind], { keepdims: 0 }), 'int32', dtype);
  },
  kernel: ([sequence, values], { right }, output) =>
    build(output, index => {
      if (sequence === undefined || values === undefined) return 0;
      const value = at(values, index);
      const row = sequence.shape.length === 1 ? [] : index.slice(0, -1);
      const length = sequence.shape.at(-1) ?? 0;
      const elements = Array.from({ length }, (_, i) => at(sequence, [...row, i]));
      return elements.filter(x => !(right ? x > value : x >= value)).length;
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
