/** Functions that use the operations of convolutional networks. */
import type fc from 'fast-check';
import {
  adaptiveAvgPool2d,
  avgPool2d,
  conv2d,
  convTranspose2d,
  groupNorm,
  maxPool2d,
  type Tensor,
  weightFromNorm,
  zeros,
} from '../../../src/engine';
import { products, type Range, type Subject, sizes } from './support';

/** Small numbers, of which the square and the exponential are smooth. */
function images(f: (x: Tensor) => Tensor, range: Range = 'any'): fc.Arbitrary<Subject> {
  return sizes.map(
    ([n, c]): Subject => ({
      shapes: [[n > 1 ? 2 : 1, c > 1 ? 2 : 1, 4, 3]],
      ranges: [range],
      f: x => f((x ?? zeros([])).mul(0.1)),
    }),
  );
}

/** Images and a kernel. */
function convolutions(f: (x: Tensor, weight: Tensor) => Tensor): fc.Arbitrary<Subject> {
  return products(f, ([n = 1, c = 1, o = 1]) => [
    [Math.min(n, 2), Math.min(c, 2), 3, 3],
    [Math.min(o, 2), Math.min(c, 2), 2, 2],
  ]);
}

/** By the name of the operation. */
export const imageSubjects: Record<string, fc.Arbitrary<Subject>> = {
  convolution: convolutions((x, w) => conv2d(x, w, null, [2, 1], [1, 0])),
  convolution_weight_backward: convolutions((x, w) =>
    convTranspose2d(x, w.transpose(0, 1), null, [1, 2], 0, [0, 1]),
  ),
  max_pool: images(x => maxPool2d(x, [2, 1]).mul(maxPool2d(x, [2, 1])), 'apart'),
  max_pool_backward: images(x => maxPool2d(x, [2, 3], 1, 1).exp(), 'apart'),
  native_group_norm: images(x => groupNorm(x.mul(20), x.size(1)).exp()),
  weight_norm: images(x => weightFromNorm(x.add(1), x.exp().amax([1, 2, 3], true), 0).exp()),
  resample: images(x =>
    avgPool2d(x, 2, 1)
      .exp()
      .sum()
      .add(adaptiveAvgPool2d(x, [3, 2]).exp()),
  ),
};
