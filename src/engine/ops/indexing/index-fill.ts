/** Slices along a dimension overwritten, and elements of the flattened tensor picked. */
import { EngineError, IndexError } from '../../errors';
import type { Meta } from '../../expr';
import { formatShape, numel, type Shape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, type TensorLike } from '../apply';
import { zeros } from '../creation/creation';
import { encodeNumber } from '../encode-number';
import { decodeNumber, eachIndex } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Gradient, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { checkIndex, checkRange, flat, outOfBounds, place } from './gather';

/** `value` fills where there is no third input. */
type Fill = { dim: number; value: number | string };

const sameAsFirst = ([input]: readonly Meta[]): Meta => ({
  shape: input?.shape ?? [],
  dtype: input?.dtype ?? 'float32',
});

/** Writes into the slices along `dim` that the second input names: the third input stretched, or a number. */
function overwriting(name: string, gradient: Gradient<Fill>): Op<Fill> {
  return defineOp<Fill>({
    name,
    infer: sameAsFirst,
    gradient,
    lower(graph, { inputs: [self, indices, source], attributes: { dim, value }, dtype, shape }) {
      if (self === undefined || indices === undefined) throw new Error('two inputs at least');
      const slices = sliceShape(shape, dim, indices);
      if (numel(slices) === 0) return graph.value(self);
      const flatten = (name: string, to: Shape) => graph.node('Reshape', [name, graph.ints(to)]);
      const given = source === undefined ? graph.scalar(decodeNumber(value), dtype) : graph.as(source, dtype);
      const updates = graph.node('Expand', [given, graph.ints(slices)]);
      const column = slices.map((size, i) => (i === dim ? size : 1));
      const places = graph.node('Expand', [flatten(graph.as(indices, 'int64'), column), graph.ints(slices)]);
      const whole = shape.length === 0 ? flatten(graph.value(self), [1]) : graph.value(self);
      const written = graph.node('ScatterElements', [whole, places, updates], { axis: dim });
      return shape.length === 0 ? flatten(written, []) : written;
    },
    kernel([self, indices, source], { dim, value }) {
      const result = Float64Array.from(self?.data ?? []);
      if (self === undefined || indices === undefined) return result;
      const base = self.shape.length === 0 ? { ...self, shape: [1] } : self;
      const slices = sliceShape(self.shape, dim, indices);
      eachIndex(slices, (index, i) => {
        const at = place(indices.data[index[dim] ?? 0] ?? 0, base.shape[dim] ?? 1);
        const target = flat(
          base,
          index.map((one, d) => (d === dim ? at : one)),
        );
        const from = source === undefined || source.data.length === 1 ? source?.data[0] : source.data[i];
        result[target] = from ?? decodeNumber(value);
      });
      return result;
    },
  });
}

/** The shape of what is written. */
function sliceShape(shape: Shape, dim: number, indices: Meta): number[] {
  const whole = shape.length === 0 ? [1] : shape;
  return whole.map((size, i) => (i === dim ? numel(indices.shape) : size));
}

const fillNumberOp = overwriting('index_fill', {
  name: 'IndexFillBackward0',
  edges: [0],
  saves: () => ({ inputs: [1] }),
  backward: (grad, { attributes: { dim }, input }) => [indexFill(grad, dim, input(1), 0)],
});

const fillTensorOp = overwriting('index_fill_tensor', {
  name: 'IndexFillBackward1',
  edges: [0, 2],
  saves: () => ({ inputs: [1] }),
  backward: (grad, { attributes: { dim }, needs, input }) => [
    needs[0] ? indexFill(grad, dim, input(1), 0) : undefined,
    needs[2] ? grad.indexSelect(dim, input(1)).sum() : undefined,
  ],
});

const copyOp = overwriting('index_copy', {
  name: 'IndexCopyBackward0',
  edges: [0, 2],
  saves: () => ({ inputs: [1] }),
  backward: (grad, { attributes: { dim }, needs, input, inputMeta: [, , source] }) => [
    needs[0] ? indexFill(grad, dim, input(1), 0) : undefined,
    needs[2] ? grad.indexSelect(dim, input(1)).reshape(source?.shape ?? []) : undefined,
  ],
});

function checked(name: string, self: Tensor, dim: number, indices: Tensor): number {
  checkIndex(name, indices);
  if (indices.ndim > 1) throw new IndexError(`${name}(): Index has to be a vector/scalar`);
  const axis = wrapDim(dim, self.ndim);
  const size = self.shape[axis] ?? 1;
  checkRange(indices, -size, size, outOfBounds(axis, size));
  return axis;
}

/** `self` with `value`, a number or a tensor without dimensions, in the slices along `dim` that a list names. */
export function indexFill(self: Tensor, dim: number, indices: Tensor, value: TensorLike): Tensor {
  const axis = checked('index_fill_', self, dim, indices);
  if (typeof value === 'number') {
    return apply(fillNumberOp, [self, indices], { dim: axis, value: encodeNumber(value) });
  }
  if (value.ndim > 0) {
    throw new EngineError(
      `index_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`,
    );
  }
  return apply(fillTensorOp, [self, indices, value], { dim: axis, value: 0 });
}

/** `self` with the slices of `source` along `dim` at the places that a list names. */
export function indexCopy(self: Tensor, dim: number, indices: Tensor, source: Tensor): Tensor {
  const axis = checked('index_copy_', self, dim, indices);
  if (self.dtype !== source.dtype) {
    throw new EngineError(
      `index_copy_(): self and source expected to have the same dtype, but got (self) ${self.dtype} and (source) ${source.dtype}`,
    );
  }
  const wanted = sliceShape(self.shape, axis, indices);
  if (numel(wanted) !== source.numel()) {
    throw new EngineError(
      `index_copy_(): Source/destination tensor must have same slice shapes, but got ${formatShape(source.shape)} for ${formatShape(wanted)}`,
    );
  }
  return apply(copyOp, [self, indices, source], { dim: axis, value: 0 });
}

type Take = { shape: Shape };

const takeOp = defineOp<Take>({
  name: 'take',
  formula: 'elements of the flattened tensor',
  infer: ([self, indices]) => ({ shape: indices?.shape ?? [], dtype: self?.dtype ?? 'float32' }),
  gradient: {
    name: 'TakeBackward0',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes: { shape }, input }) => {
      const none = zeros([numel(shape)], { dtype: grad.dtype, device: grad.device });
      const indices = input(1).reshape([-1]);
      const places = indices.add(indices.lt(0).to('int64').mul(numel(shape)));
      return [none.scatterAdd(0, places, grad.reshape([-1])).reshape(shape)];
    },
  },
  lower(graph, { inputs }) {
    const [x = '', indices = ''] = inputs.map(input => graph.value(input));
    return graph.node('Gather', [graph.node('Reshape', [x, graph.ints([-1])]), indices], { axis: 0 });
  },
  kernel: ([self, indices]) =>
    Array.from(indices?.data ?? [], at => self?.data[place(at, self.data.length)] ?? 0),
});

/** The elements of the flattened tensor at these places, in the shape of these. */
export function take(self: Tensor, indices: Tensor): Tensor {
  if (indices.dtype !== 'int64') {
    throw new EngineError(`take(): Expected a long tensor for index, but got ${indices.dtype}`);
  }
  if (self.numel() === 0 && indices.numel() > 0)
    throw new IndexError('take(): tried to take from an empty tensor');
  checkRange(
    indices,
    -self.numel(),
    self.numel(),
    index =>
      new IndexError(`out of range: tried to access index ${index} on a tensor of ${self.numel()} elements.`),
  );
  return apply(takeOp, [self, indices], { shape: self.shape });
}

defineMethods({ indexFill, indexCopy, take });
defineInPlaceMethods({ indexFill, indexCopy });
defineSignatures(`
  index_fill(self, dim, index, value)
  index_copy(self, dim, index, source)
  take(self, index)
`);

declare module '../../tensor' {
  interface Tensor {
    /** This with `value` in the slices along `dim` that a list of indices names. */
    indexFill(dim: number, indices: Tensor, value: TensorLike): Tensor;
    indexFill_(dim: number, indices: Tensor, value: TensorLike): this;
    /** This with the slices of `source` along `dim` at the places that a list names. */
    indexCopy(dim: number, indices: Tensor, source: Tensor): Tensor;
    indexCopy_(dim: number, indices: Tensor, source: Tensor): this;
    /** The elements of the flattened tensor at these places. */
    take(indices: Tensor): Tensor;
  }
}
