/** Undoing a broadcast: what the gradient of a stretched input needs. */
import type { Shape } from '../shape';
import type { Tensor } from '../tensor';

/** Sums over the dimensions along which `shape` was stretched to the tensor's shape. */
export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  const added = Array.from({ length: tensor.ndim - shape.length }, (_, i) => i);
  const inner = added.length === 0 ? tensor : tensor.sum(added);
  const stretched = inner.shape.flatMap((size, i) => (shape[i] === 1 && size !== 1 ? [i] : []));
  return stretched.length === 0 ? inner : inner.sum(stretched, true);
}
