/** Each element several times. */
import { EngineError } from '../../errors';
import { evaluate } from '../../runtime/evaluate';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { fromArray } from '../creation/creation';
import { indexSelectOp } from '../indexing/gather';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';

/** 0 as often as the first number says, 1 as often as the second, and so on. */
function repeated(counts: readonly number[], like: Tensor): Tensor {
  if (counts.some(count => count < 0)) throw new EngineError('repeats can not be negative');
  const indices = counts.flatMap((count, i) => new Array<bigint>(count).fill(BigInt(i)));
  return fromArray(BigInt64Array.from(indices), [indices.length], { device: like.device });
}

function countsIn(repeats: Tensor): number[] {
  if (repeats.ndim > 1) throw new EngineError('repeats must be 0-dim or 1-dim tensor');
  if (repeats.dtype !== 'int64' && repeats.dtype !== 'int32') {
    throw new EngineError('repeats has to be Long or Int tensor');
  }
  return Array.from(evaluate(repeats, 'repeat_interleave'), Number);
}

/** Options of {@link repeatInterleave}. */
export interface RepeatOptions {
  /** How long the result is, where the caller knows. */
  readonly outputSize?: number;
}

/**
 * Each element along `dim` (of the flattened tensor without) repeated, by one number or by one for each. Alone, a
 * tensor of numbers of repeats gives the indices that repeat.
 */
export function repeatInterleave(
  self: Tensor,
  repeats?: number | Tensor,
  dim?: number,
  { outputSize }: RepeatOptions = {},
): Tensor {
  if (repeats === undefined) return repeated(countsIn(self), self).to(self.dtype);
  if (self.ndim === 0 && dim !== undefined) {
    throw new EngineError(`Dimension specified as ${dim} but tensor has no dimensions`);
  }
  const input = dim === undefined ? self.flatten() : self;
  const place = wrapDim(dim ?? 0, input.ndim);
  const size = input.shape[place] ?? 1;
  const given = typeof repeats === 'number' ? [repeats] : countsIn(repeats);
  const counts = given.length === 1 ? new Array<number>(size).fill(given[0] ?? 0) : given;
  if (counts.length !== size) {
    throw new EngineError(
      `repeats must have the same size as input along dim, but repeats has ${counts.length} elements and input ${size}`,
    );
  }
  const indices = repeated(counts, self);
  if (outputSize !== undefined && outputSize !== indices.numel()) {
    throw new EngineError(
      `allocated size does not match required size: ${outputSize} and ${indices.numel()}`,
    );
  }
  return apply(indexSelectOp, [input, indices], { dim: place, node: 'IndexSelectBackward0' });
}

defineMethods({ repeatInterleave });
defineSignatures(`
  repeat_interleave(self, repeats, dim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** Each element along `dim` repeated, by one number or by one for each. */
    repeatInterleave(repeats: number | Tensor, dim?: number, options?: RepeatOptions): Tensor;
  }
}
