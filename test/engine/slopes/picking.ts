/** Functions that use the operations which pick elements and put them elsewhere. */
import fc from 'fast-check';
import * as engine from '../../../src/engine';
import { cross, pad, randint, type Tensor, tensor, zeros } from '../../../src/engine';
import { along, generator, type Subject, sizes, unary } from './support';

/** By the name of the operation. */
export const picking: Record<string, fc.Arbitrary<Subject>> = {
  pick: along((x, dim) => x.median(dim).values.add(x.kthvalue(1, dim).values), 'apart'),
  mul_number: unary(x =>
    tensor([1, 3, 2])
      .double()
      .quantile(x.sigmoid().reshape([-1])),
  ),
  pick_flat: unary(x => x.median(), 'apart'),
  masked_select: along(
    x =>
      x
        .maskedSelect(x.detach().gt(0))
        .sum()
        .add(x.index([x.detach().lt(0)]).sum()),
    'apart',
  ),
  masked_fill_tensor: along((x, dim) => x.maskedFill(x.detach().gt(0), x.select(dim, 0).sum()), 'apart'),
  scatter: along((x, dim) => x.scatter(dim, x.detach().long().mul(0).narrow(dim, 0, 1), x.mul(x))),
  scatter_value: along((x, dim) => x.mul(x).scatter(dim, x.detach().long().mul(0), 3)),
  // PyTorch has no derivative here either.
  scatter_reduced: unary(x => x.mul(2)),
  scatter_reduced_value: unary(x => x.mul(2)),
  index_add: along((x, dim) => {
    const places = tensor(Array.from({ length: x.size(dim) }, () => 0));
    return x.indexAdd(dim, places, x.mul(x), { alpha: 0.5 });
  }),
  linalg_cross: sizes.map(
    ([n, m]): Subject => ({
      shapes: [
        [n, 3, m],
        [1, 3, m],
      ],
      f: (a, b) => cross(a ?? zeros([]), b ?? zeros([]), 1),
    }),
  ),
  constant_pad_nd: along(x => x.constantPadNd([1, -1], 2).mul(x.constantPadNd([0, 0]))),
  index_pad: sizes.map(
    ([n, m, k]): Subject => ({
      shapes: [[n, m + 1, k + 1]],
      f: x =>
        pad(x ?? zeros([]), [1, 1, 1, 0], 'reflect')
          .exp()
          .sum()
          .add(pad(x ?? zeros([]), [0, 2, 0, 1], 'replicate').sum()),
    }),
  ),
  addmv: sizes.map(
    ([n, m]): Subject => ({
      shapes: [[n], [n, m], [m]],
      f: (x, a, v) => (x && a && v ? x.addmv(a, v, { beta: 2, alpha: 0.5 }) : zeros([])),
    }),
  ),
  addr: sizes.map(
    ([n, m]): Subject => ({
      shapes: [[m], [n], [m]],
      f: (x, a, v) => (x && a && v ? x.addr(a, v, { beta: 2, alpha: 0.5 }) : zeros([])),
    }),
  ),
  addbmm: sizes.map(
    ([n, m, k, s]): Subject => ({
      shapes: [[m], [s, n, k], [s, k, m]],
      f: (x, a, b) => (x && a && b ? x.addbmm(a, b, { alpha: 0.5 }) : zeros([])),
    }),
  ),
  baddbmm: sizes.map(
    ([n, m, k, s]): Subject => ({
      shapes: [[m], [s, n, k], [s, k, m]],
      f: (x, a, b) => (x && a && b ? x.baddbmm(a, b, { beta: 2 }) : zeros([])),
    }),
  ),
  vector_norm: fc
    .constantFrom(0, 1, 2, 3, 0.5, 1.5, Infinity, -Infinity)
    .chain(p => along((x, dim) => x.norm(p, dim).add(x.norm(p)), 'apart')),
  cdist: fc.constantFrom(0, 1, 2, 3, 0.5, 1.5, Infinity).chain(p =>
    sizes.map(
      ([n, m, k]): Subject => ({
        shapes: [
          [n, m],
          [2, k, m],
        ],
        ranges: ['apart', 'positive'],
        f: (a, b) => engine.cdist(a ?? zeros([]), b ?? zeros([]), { p }),
      }),
    ),
  ),
  euclidean_dist: sizes.map(
    ([n, m, k]): Subject => ({
      shapes: [
        [n, m],
        [2, k, m],
      ],
      ranges: ['apart', 'positive'],
      f: (a, b) => engine.cdist(a ?? zeros([]), b ?? zeros([]), { computeMode: 'use_mm_for_euclid_dist' }),
    }),
  ),
  embedding: sizes.map(([n, m, k]) => {
    const words = randint(0, n, [k, 2], { generator });
    return {
      shapes: [[n, m]],
      f: x => engine.embedding(words, x.exp()).mul(engine.embedding(words, x)),
    };
  }),
  huber_loss: unary(x => engine.huberLoss(x, x.mul(0.3).sin(), { delta: 0.4, reduction: 'sum' }), 'apart'),
  smooth_l1_loss: unary(x => engine.smoothL1Loss(x, x.mul(0.3).sin(), { beta: 0.4 }), 'apart'),
  pixel_shuffle: sizes.map(
    ([n, m]): Subject => ({ shapes: [[n, 4, m, 2]], f: x => engine.pixelShuffle(x ?? zeros([]), 2).exp() }),
  ),
  pixel_unshuffle: sizes.map(
    ([n, m]): Subject => ({ shapes: [[n, m, 4, 2]], f: x => engine.pixelUnshuffle(x ?? zeros([]), 2).exp() }),
  ),
  im2col: sizes.map(
    ([n, m]): Subject => ({
      shapes: [[n, m, 3, 4]],
      f: x => engine.unfold(x ?? zeros([]), [2, 3], { padding: 1, stride: [1, 2] }).exp(),
    }),
  ),
  col2im: sizes.map(
    ([n, m]): Subject => ({ shapes: [[n, m * 4, 6]], f: x => engine.fold(x ?? zeros([]), [3, 4], 2).exp() }),
  ),
  // PyTorch has no derivative here either.
  remainder_reflected: unary(x => x.mul(2)),
  elu_: unary(x => engine.elu_(x.mul(1), 0.5), 'apart'),
  celu_: unary(x => engine.celu_(x.mul(1), 0.5), 'apart'),
  leaky_relu_: unary(x => engine.leakyRelu_(x.mul(1), 0.1), 'apart'),
  threshold_: unary(x => engine.threshold_(x.mul(1), 0.02, 3).mul(x), 'apart'),
  index_put: sizes.map(([n, m, k]) => {
    const [rows, columns] = [randint(-n, n, [2, 1], { generator }), randint(0, k, [3], { generator })];
    const f = (x: Tensor, v: Tensor) => {
      const whole = x.mul(2);
      whole.indexPut_([rows, ':', columns], v, true);
      whole.indexPut_([tensor([0])], v.index([0, 0]).unsqueeze(1));
      return whole;
    };
    return {
      shapes: [
        [n, m, k],
        [2, 3, m],
      ],
      f: (x, v) => f(x ?? zeros([]), v ?? zeros([])),
    };
  }),
};
