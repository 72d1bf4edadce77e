/** New tensors of the type and device of another one (`x.new_zeros(…)`). */
import type { DType } from '../../dtype';
import type { Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { defineMethods } from '../methods';
import { full, type TensorOptions } from './creation';

function newFull(self: Tensor, shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  const dtype: DType = self.dtype;
  return full(shape, value, { dtype, device: self.device, ...options });
}

defineMethods({
  newFull,
  newOnes: (self: Tensor, shape: Shape, options?: TensorOptions) => newFull(self, shape, 1, options),
  newZeros: (self: Tensor, shape: Shape, options?: TensorOptions) => newFull(self, shape, 0, options),
});

declare module '../../tensor' {
  interface Tensor {
    /** `value` in every place, in the type and on the device of this tensor. */
    newFull(shape: Shape, value: number, options?: TensorOptions): Tensor;
    newOnes(shape: Shape, options?: TensorOptions): Tensor;
    newZeros(shape: Shape, options?: TensorOptions): Tensor;
  }
}
