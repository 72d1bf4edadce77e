/** A weight made of a direction and lengths. */
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build, reduceAlong } from '../kernels';
import { defineOp, type Op } from '../op';
import { normBy } from '../reductions/vector-norm';

type Along = { dim: number };

const others = (rank: number, dim: number) =>
  Array.from({ length: rank }, (_, i) => i).filter(i => i !== dim);

/** v · g / ‖v‖ for each part along the first or the last dimension, which PyTorch computes in one go. */
const weightNormOp: Op<Along> = defineOp<Along>({
  name: 'weight_norm',
  formula: 'g · v / ‖v‖',
  infer: ([v]) => ({ shape: v?.shape ?? [], dtype: v?.dtype ?? 'float32' }),
  gradient: {
    name: 'WeightNormInterfaceBackward0',
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { attributes: { dim }, needs, input }) => {
      const [v, g] = [input(0), input(1)];
      const dims = others(v.ndim, dim);
      const squares = v.mul(v).sum(dims, true);
      const along = grad.mul(v).sum(dims, true);
      return [
        needs[0] ? grad.sub(v.mul(along.div(squares))).mul(g.div(squares.sqrt())) : undefined,
        needs[1] ? along.div(squares.sqrt()) : undefined,
      ];
    },
  },
  lower(graph, { inputs, shape, attributes: { dim } }) {
    const [v = '', g = ''] = inputs.map(input => graph.value(input));
    const norm = graph.node('ReduceL2', [v, graph.ints(others(shape.length, dim))], { keepdims: 1 });
    return graph.node('Mul', [v, graph.node('Div', [g, norm])]);
  },
  kernel([v, g], { dim }, output) {
    if (v === undefined || g === undefined) return [];
    const shape = v.shape.map((size, i) => (i === dim ? size : 1));
    const data = reduceAlong(v, others(v.shape.length, dim), all => Math.hypot(...all));
    return build(output, index => (at(v, index) * at(g, index)) / at({ ...g, shape, data }, index));
  },
});

/** The norms of all but one dimension, which the result keeps; of everything where `dim` is −1. */
export function normExceptDim(v: Tensor, dim: number): Tensor {
  const norm = (x: Tensor, over: number | undefined) =>
    normBy(x, {
      p: 2,
      dim: over,
      node: over === undefined ? 'NormBackward0' : 'NormBackward1',
      name: 'norm',
    });
  if (dim === -1) return norm(v, undefined);
  const kept = v.shape.map((size, i) => (i === dim ? size : 1));
  if (dim === 0) return norm(v.contiguous().view([v.size(0), -1]), 1).view(kept);
  if (dim === v.ndim - 1) return norm(v.contiguous().view([-1, v.size(dim)]), 0).view(kept);
  return normExceptDim(v.transpose(0, dim), 0).transpose(0, dim);
}

/**
 * The weight of direction `v` and lengths `g` (`torch._weight_norm`).
 * @param dim the dimension whose parts have a length each; −1 for one length of all
 */
export function weightFromNorm(v: Tensor, g: Tensor, dim = 0): Tensor {
  if (dim === 0 || (dim > 0 && dim === v.ndim - 1)) return apply(weightNormOp, [v, g], { dim });
  return v.mul(g.div(normExceptDim(v, dim)));
}
