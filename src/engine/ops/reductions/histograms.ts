/** How often values occur, and whether they do. How many there are may depend on the numbers, which are asked for then. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { evaluate } from '../../runtime/evaluate';
import type { Tensor } from '../../tensor';
import { fromArray, ones, zeros } from '../creation/creation';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';

/** Options of {@link bincount}. */
export interface CountOptions {
  /** What each element counts for. */
  readonly weights?: Tensor | null | undefined;
  /** There are at least so many bins. */
  readonly minlength?: number;
}

/** How often each whole number from 0 on occurs. */
export function bincount(self: Tensor, { weights, minlength = 0 }: CountOptions = {}): Tensor {
  if (self.ndim !== 1 || isFloating(self.dtype)) {
    throw new EngineError('bincount only supports 1-d non-negative integral inputs.');
  }
  if (weights != null && weights.numel() !== self.numel()) {
    throw new EngineError('weights should be 1-d and have the same length as input');
  }
  const values = Array.from(evaluate(self, 'bincount'), Number);
  if (values.some(value => value < 0))
    throw new EngineError('bincount only supports 1-d non-negative integral inputs.');
  const bins = values.reduce((most, value) => Math.max(most, value + 1), minlength);
  const dtype = weights == null ? 'int64' : weights.dtype === 'float32' ? 'float32' : 'float64';
  const given = weights?.detach().to(dtype) ?? ones([self.numel()], { dtype, device: self.device });
  return zeros([bins], { dtype, device: self.device }).scatterAdd(0, self.to('int64'), given);
}

/** Where the bins of {@link histc} lie. */
export interface HistogramOptions {
  readonly bins?: number;
  /** Both 0: from the smallest element to the largest. */
  readonly min?: number;
  readonly max?: number;
}

/** How many elements fall into each of equal bins; what is outside does not count. */
export function histc(self: Tensor, { bins = 100, min = 0, max = 0 }: HistogramOptions = {}): Tensor {
  if (!isFloating(self.dtype)) throw new EngineError(`"histogram_cpu" not implemented for '${self.dtype}'`);
  if (!(bins > 0))
    throw new EngineError(`torch.histogram(): bins must be > 0, but got ${bins} for dimension 0`);
  const values = Array.from(evaluate(self.detach(), 'histc'), Number);
  let [low, high] = [min, max];
  if (low === high && values.length > 0) {
    [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  }
  if (low === high) [low, high] = [low - 1, high + 1];
  if (!(low < high)) throw new EngineError('torch.histc: max must be larger than min');
  const counts = new Float64Array(bins);
  for (const value of values) {
    if (!(value >= low && value <= high)) continue;
    const bin = Math.min(Math.floor(((value - low) * bins) / (high - low)), bins - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return fromArray(counts, [bins], { dtype: self.dtype, device: self.device });
}

/** True where an element is among `testElements`, or with `invert` where it is not. */
export function isin(
  elements: Tensor | number,
  testElements: Tensor | number,
  { invert = false }: { readonly assumeUnique?: boolean; readonly invert?: boolean } = {},
): Tensor {
  const like = typeof elements === 'number' ? testElements : elements;
  if (typeof like === 'number') throw new EngineError('isin(): one of both must be a tensor');
  const asTensor = (value: Tensor | number) =>
    typeof value === 'number'
      ? fromArray(Float64Array.of(value), [], { dtype: like.dtype, device: like.device })
      : value;
  const [x, y] = [asTensor(elements), asTensor(testElements)];
  const found = x
    .detach()
    .unsqueeze(-1)
    .eq(y.detach().reshape([1, y.numel()]))
    .any(-1)
    .reshape(x.shape);
  return invert ? found.logicalNot() : found;
}

defineMethods({ bincount, histc });
defineSignatures(`
  bincount(self | weights, minlength)
  histc(self | bins, min, max)
  isin(elements, test_elements | assume_unique, invert)
`);

declare module '../../tensor' {
  interface Tensor {
    /** How often each whole number from 0 on occurs. */
    bincount(options?: CountOptions): Tensor;
    /** How many elements fall into each of equal bins. */
    histc(options?: HistogramOptions): Tensor;
  }
}
