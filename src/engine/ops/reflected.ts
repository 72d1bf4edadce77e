/** Python's operators with a number, or the other matrix, on the left: `2 ** x`, `7 % x`, `1 / x`, `a @ x`. */
import type { Tensor } from '../tensor';
import { wrapNumber } from './apply';
import { pow } from './arithmetic';
import { full } from './creation';
import { reflectedRemainder } from './division';
import { promote } from './elementwise';
import { defineMethods } from './methods';

/** Python's `base ** self`. */
export function rpow(self: Tensor, base: number): Tensor {
  const dtype = promote([wrapNumber(base, self.device), self]);
  return pow(full([], base, { dtype, device: self.device }), self);
}

/** Python's `dividend % self`: what is left, with the sign of `self`. Without a gradient, as in PyTorch 1.13. */
export function rmod(self: Tensor, dividend: number): Tensor {
  return reflectedRemainder(dividend, self);
}

/** Python's `dividend / self`. */
export function rdiv(self: Tensor, dividend: number): Tensor {
  return self.reciprocal().mul(dividend);
}

/** Python's `other @ self`. */
export function rmatmul(self: Tensor, other: Tensor): Tensor {
  return other.matmul(self);
}

defineMethods({ rpow, rmod, rdiv, rmatmul });

declare module '../tensor' {
  interface Tensor {
    /** Python's `base ** this`. */
    rpow(base: number): Tensor;
    /** Python's `dividend % this`. */
    rmod(dividend: number): Tensor;
    /** Python's `dividend / this`. */
    rdiv(dividend: number): Tensor;
    /** Python's `other @ this`. */
    rmatmul(other: Tensor): Tensor;
  }
}
