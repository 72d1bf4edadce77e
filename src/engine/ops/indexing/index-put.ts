/** Elements overwritten, or added to, at places that tensors of indices name: `x[rows, columns] = values`. */
import { EngineError } from '../../errors';
import { broadcastShapes, formatShape, numel, sameShape, stridesOf } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { full } from '../creation/creation';
import { at, eachIndex } from '../kernels';
import { defineOp } from '../op';
import { arithmeticType } from '../pointwise/elementwise';
import { checkIndex, checkRange, outOfBounds, place } from './gather';
import { indexTensors, inverse, layoutOfInputs, movedBack, type Pick, sourceOf } from './index-tensors';

type Put = { dims: readonly number[]; accumulate: boolean };

const indexPutOp = defineOp<Put>({
  name: 'index_put',
  formula: 'x with values at the indices',
  infer([self, values, ...indices], { dims }) {
    if (self === undefined || values === undefined) throw new Error('index_put takes a tensor and values');
    if (self.dtype !== values.dtype) {
      throw new EngineError(
        `Index put requires the source and destination dtypes match, got ${self.dtype} for the destination and ` +
          `${values.dtype} for the source.`,
      );
    }
    const { shape } = layoutOfInputs([self, ...indices], { dims });
    if (!sameShape(broadcastShapes(shape, values.shape), shape)) {
      throw new EngineError(
        `shape mismatch: value tensor of shape ${formatShape(values.shape)} cannot be broadcast to indexing result ` +
          `of shape ${formatShape(shape)}`,
      );
    }
    return { shape: self.shape, dtype: self.dtype };
  },
  gradient: {
    name: 'IndexPutBackward0',
    edges: [0, 1],
    saves: (_, { dims }) => ({ inputs: dims.map((_dim, i) => i + 2) }),
    backward: (grad, { attributes: { dims, accumulate }, needs, input }) => {
      const picks = dims.map((dim, i) => ({ dim, indices: input(i + 2) }));
      const none = full([], 0, { dtype: grad.dtype, device: grad.device });
      return [
        needs[0] ? (accumulate ? grad : putAt(grad, picks, none, false)) : undefined,
        needs[1] ? indexTensors(grad, picks) : undefined,
      ];
    },
  },
  lower(graph, { inputs, attributes: { dims, accumulate }, dtype }) {
    const [self, values, ...indices] = inputs;
    if (self === undefined || values === undefined) throw new Error('index_put takes a tensor and values');
    const { shape, indexed, front, rest } = layoutOfInputs([self, ...indices], { dims });
    if (numel(shape) === 0) return graph.value(self);
    const type = accumulate ? arithmeticType(dtype) : dtype;
    const order = [...dims, ...rest];
    const whole = graph.node('Transpose', [graph.as(self, type)], { perm: order });
    const columns = indices.map(index => {
      const stretched = graph.node('Expand', [graph.as(index, 'int64'), graph.ints(indexed)]);
      return graph.node('Unsqueeze', [stretched, graph.ints([indexed.length])]);
    });
    const updates = graph.node(
      'Transpose',
      [graph.node('Expand', [graph.as(values, type), graph.ints(shape)])],
      {
        perm: inverse(movedBack(shape.length, indexed.length, front)),
      },
    );
    const places = graph.node('Concat', columns, { axis: indexed.length });
    const reduction = accumulate ? 'add' : 'none';
    const put = graph.node('ScatterND', [whole, places, updates], { reduction });
    return graph.cast(graph.node('Transpose', [put], { perm: inverse(order) }), type, dtype);
  },
  kernel: ([self, values, ...indices], { dims, accumulate }) => {
    if (self === undefined || values === undefined) return [];
    const layout = layoutOfInputs([self, ...indices], { dims });
    const strides = stridesOf(self.shape);
    const result = Float64Array.from(self.data);
    eachIndex(layout.shape, index => {
      const target = sourceOf(layout, index, (i, pair) => {
        const picks = indices[i];
        return picks === undefined ? 0 : place(at(picks, pair), self.shape[dims[i] ?? 0] ?? 0);
      });
      const position = target.reduce((sum, i, dim) => sum + i * (strides[dim] ?? 0), 0);
      result[position] = at(values, index) + (accumulate ? (result[position] ?? 0) : 0);
    });
    return result;
  },
});

/** `self` with `values` at the picked places, or added to what is there. */
export function putAt(self: Tensor, picks: readonly Pick[], values: Tensor, accumulate: boolean): Tensor {
  for (const { dim, indices } of picks) {
    checkIndex('index_put', indices);
    const size = self.size(dim);
    checkRange(indices, -size, size, outOfBounds(dim, size));
  }
  const inputs = [self, values, ...picks.map(({ indices }) => indices)];
  return apply(indexPutOp, inputs, { dims: picks.map(({ dim }) => dim), accumulate });
}
