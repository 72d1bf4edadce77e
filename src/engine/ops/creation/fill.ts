/** A tensor overwritten by one number. `creation.ts` has the in-place forms. */
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply, type TensorLike } from '../apply';
import { encodeNumber } from '../encode-number';
import { defineSignatures } from '../signatures';
import { fillOp } from './creation';
import { copyOp } from './to';

/** One number, or a tensor without dimensions, in every place of a tensor like `self`. */
export function fill(self: Tensor, value: TensorLike): Tensor {
  if (typeof value === 'number') {
    return apply(fillOp, [self], { value: encodeNumber(value), node: 'FillBackward0' });
  }
  if (value.ndim > 0) {
    throw new EngineError(
      `fill_ only supports 0-dimension value tensor but got tensor with ${value.ndim} dimensions.`,
    );
  }
  return apply(copyOp, [self, value], { node: 'FillBackward1' });
}

defineSignatures(`
  fill(self, value)
`);
