/** Python's operators with a number, or the other matrix, on the left: `2 ** x`, `7 % x`, `1 / x`, `a @ x`. */
import type { Tensor } from '../../tensor';
import { type TensorLike, wrapNumber } from '../apply';
import { full } from '../creation/creation';
import { defineMethods } from '../methods';
import { pow } from './arithmetic';
import { reflectedRemainder, remainder } from './division';
import { promote } from './elementwise';

/** Python's `base ** self`; a tensor is taken without its gradient, as in PyTorch. */
export function rpow(self: Tensor, base: TensorLike): Tensor {
  if (typeof base !== 'number') return pow(base.detach().to(promote([base, self])), self);
  const dtype = promote([wrapNumber(base, self.device), self]);
  return pow(full([], base, { dtype, device: self.device }), self);
}

/** Python's `dividend % self`: what is left, with the sign of `self`. Without a gradient, as in PyTorch 1.13. */
export function rmod(self: Tensor, dividend: TensorLike): Tensor {
  if (typeof dividend !== 'number') return remainder(dividend, self);
  return reflectedRemainder(dividend, self);
}

/** Python's `dividend / self`. */
export function rdiv(self: Tensor, dividend: TensorLike): Tensor {
  return self.reciprocal().mul(dividend);
}

/** Python's `other @ self`. */
export function rmatmul(self: Tensor, other: Tensor): Tensor {
  return other.matmul(self);
}

defineMethods({ rpow, rmod, rdiv, rmatmul });

declare module '../../tensor' {
  interface Tensor {
    /** Python's `base ** this`. */
    rpow(base: TensorLike): Tensor;
    /** Python's `dividend % this`. */
    rmod(dividend: TensorLike): Tensor;
    /** Python's `dividend / this`. */
    rdiv(dividend: TensorLike): Tensor;
    /** Python's `other @ this`. */
    rmatmul(other: Tensor): Tensor;
  }
}
