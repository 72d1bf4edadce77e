/** Powers in float64, whatever the type of base and exponent. */
import type { Tensor } from '../../tensor';
import type { TensorLike } from '../apply';
import { full } from '../creation/creation';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { pow } from './arithmetic';

/** `base ^ exponent` in float64; either may be a number. */
export function floatPower(base: TensorLike, exponent: TensorLike): Tensor {
  if (typeof base === 'number') {
    const device = typeof exponent === 'number' ? 'cpu' : exponent.device;
    return pow(
      full([], base, { dtype: 'float64', device }),
      typeof exponent === 'number' ? exponent : exponent.to('float64'),
    );
  }
  return pow(base.to('float64'), typeof exponent === 'number' ? exponent : exponent.to('float64'));
}

defineMethods({ floatPower: (self: Tensor, exponent: TensorLike) => floatPower(self, exponent) });
defineSignatures(`
  float_power(self, exponent)
`);

declare module '../../tensor' {
  interface Tensor {
    /** This to a power, in float64. */
    floatPower(exponent: TensorLike): Tensor;
  }
}
