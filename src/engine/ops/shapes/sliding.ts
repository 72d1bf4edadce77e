/** Windows that slide along a dimension: `Tensor.unfold`, which is another function than that of images. */
import { EngineError } from '../../errors';
import { type Shape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { tensor, zeros } from '../creation/creation';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';

type Windows = { dim: number; size: number; step: number; shape: Shape };

const slidingOp = defineOp<Windows>({
  name: 'tensor_unfold',
  formula: 'windows along a dimension, side by side',
  infer: ([input], { shape }) => ({ shape, dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'UnfoldBackward0',
    backward: (grad, { attributes: { dim, size, step }, inputMeta: [input] }) => {
      const shape = input?.shape ?? [];
      if (shape.length === 0) return [grad.reshape([])];
      // [..., windows, ..., size] → [..., windows · size, ...]
      const last = grad.ndim - 1;
      const order = [...grad.shape.keys()].filter(d => d !== last);
      order.splice(dim + 1, 0, last);
      const rows = grad.permute(order).reshape(shape.map((n, d) => (d === dim ? -1 : n)));
      const count = grad.size(dim);
      const places = Array.from({ length: count * size }, (_, i) => Math.floor(i / size) * step + (i % size));
      const none = zeros(shape, { dtype: grad.dtype, device: grad.device });
      return [none.indexAdd(dim, tensor(places, { dtype: 'int64', device: grad.device }), rows)];
    },
  },
  lower(graph, { inputs: [input], attributes: { dim, size, step }, shape }) {
    if (input === undefined) throw new Error('unfold takes an input');
    if (input.shape.length === 0) return graph.node('Reshape', [graph.value(input), graph.ints(shape)]);
    const count = shape[dim] ?? 0;
    const places = Array.from({ length: count * size }, (_, i) => Math.floor(i / size) * step + (i % size));
    const picked = graph.node('Gather', [graph.value(input), graph.ints(places)], { axis: dim });
    const apart = [...input.shape.slice(0, dim), count, size, ...input.shape.slice(dim + 1)];
    const windows = graph.node('Reshape', [picked, graph.ints(apart)], { allowzero: 1 });
    const perm = [...apart.keys()].filter(d => d !== dim + 1);
    return graph.node('Transpose', [windows], { perm: [...perm, dim + 1] });
  },
  kernel: ([input], { dim, step }, output) =>
    build(output, index => {
      if (input === undefined) return 0;
      if (input.shape.length === 0) return input.data[0] ?? 0;
      const within = index.at(-1) ?? 0;
      return at(
        input,
        index.slice(0, -1).map((i, d) => (d === dim ? i * step + within : i)),
      );
    }),
});

/** All windows of `size` elements along `dim`, `step` apart: their elements are a last dimension. */
export function tensorUnfold(self: Tensor, dim: number, size: number, step: number): Tensor {
  const place = wrapDim(dim, self.ndim);
  const length = self.shape[place] ?? 1;
  if (size > length) {
    throw new EngineError(`maximum size for tensor at dimension ${place} is ${length} but size is ${size}`);
  }
  if (!(step > 0)) throw new EngineError(`step is ${step} but must be > 0`);
  const count = Math.floor((length - size) / step) + 1;
  const shape = self.ndim === 0 ? [size] : [...self.shape.map((n, d) => (d === place ? count : n)), size];
  return apply(slidingOp, [self], { dim: place, size, step, shape });
}

defineMethods({ unfold: tensorUnfold });

declare module '../../tensor' {
  interface Tensor {
    /** All windows of `size` elements along `dim`, `step` apart: their elements are a last dimension. */
    unfold(dim: number, size: number, step: number): Tensor;
  }
}
