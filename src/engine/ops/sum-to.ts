/** Undoing a broadcast: what the gradient of a stretched input needs. */
import type { Shape } from '../shape';
import type { Tensor } from '../tensor';

/** Sums over the dimensions along which `shape` was stretched to the tensor's shape. */
export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  const added = tensor.ndim - shape.length;
  const dims = tensor.shape.flatMap((size, i) =>
    i < added || (shape[i - added] === 1 && size !== 1) ? [i] : [],
  );
  const summed = dims.length === 0 ? tensor : tensor.sum(dims, true);
  return added === 0 ? summed : summed.reshape(shape);
}
