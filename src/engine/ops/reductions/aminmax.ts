/** The smallest and the largest elements at once. */
import { EngineError } from '../../errors';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { applyJoint, part } from '../apply';
import { defineMethods } from '../methods';
import { notImplemented } from '../not-implemented';
import { amaxOp, aminOp } from './extremes';
import { reduction } from './reduction';

/** What {@link aminmax} gives. */
export interface MinAndMax {
  readonly min: Tensor;
  readonly max: Tensor;
}

/** The smallest and the largest element, of all or along a dimension. Without a gradient, as in PyTorch 1.13. */
export function aminmax(
  self: Tensor,
  { dim, keepdim = false }: { readonly dim?: number; readonly keepdim?: boolean } = {},
): MinAndMax {
  if (self.numel() === 0 && dim === undefined) {
    throw new EngineError(
      'aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.',
    );
  }
  const over = reduction(self, dim === undefined ? undefined : wrapDim(dim, self.ndim), keepdim);
  const settings = { ...over, all: false };
  const [min, max] = applyJoint(notImplemented('aminmax'), [self], settings, [
    part(aminOp, settings),
    part(amaxOp, settings),
  ]);
  if (min === undefined || max === undefined) throw new Error('aminmax gives two tensors');
  // PyTorch keeps a dimension that a tensor without dimensions never had.
  const kept = self.ndim === 0 && dim !== undefined && keepdim;
  return kept ? { min: min.reshape([1]), max: max.reshape([1]) } : { min, max };
}

defineMethods({ aminmax });

declare module '../../tensor' {
  interface Tensor {
    /** The smallest and the largest element, of all or along a dimension. */
    aminmax(options?: { readonly dim?: number; readonly keepdim?: boolean }): MinAndMax;
  }
}
