/** Indexing by several tensors at once: `x[rows, columns]` takes one element for each pair of indices. */
import type { Meta } from '../../expr';
import { broadcastShapes, type Shape, stridesOf } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zeros } from '../creation/creation';
import { at, build } from '../kernels';
import { defineOp } from '../op';
import { checkIndex, checkRange, indexTensor, outOfBounds, place } from './gather';

/** A tensor of indices in the place of a dimension. */
export interface Pick {
  readonly dim: number;
  readonly indices: Tensor;
}

/** The indexed dimensions, ascending. */
type Picked = { dims: readonly number[] };

/** Where the dimensions of the indices stand in the result, and which dimensions stay. */
export interface Layout {
  /** Of the result. */
  readonly shape: Shape;
  readonly dims: readonly number[];
  readonly indexed: Shape;
  /** In front of them as many dimensions as this: none if the indexed dimensions do not lie side by side. */
  readonly front: number;
  readonly rest: readonly number[];
}

function layoutOf(self: Shape, indices: readonly Shape[], dims: readonly number[]): Layout {
  const first = dims[0] ?? 0;
  const adjacent = dims.every((dim, i) => dim === first + i);
  const indexed = indices.reduce((a, b) => broadcastShapes(a, b));
  const front = adjacent ? first : 0;
  const rest = self.map((_, dim) => dim).filter(dim => !dims.includes(dim));
  const kept = rest.map(dim => self[dim] ?? 1);
  const shape = [...kept.slice(0, front), ...indexed, ...kept.slice(front)];
  return { shape, dims, indexed, front, rest };
}

/** The index in the indexed tensor of an element of the result, where `pick` gives that along the i-th indexed dimension. */
export function sourceOf(
  { dims, indexed, front, rest }: Layout,
  index: readonly number[],
  pick: (i: number, pair: readonly number[]) => number,
): number[] {
  const source = new Array<number>(dims.length + rest.length).fill(0);
  const kept = [...index.slice(0, front), ...index.slice(front + indexed.length)];
  rest.forEach((dim, i) => {
    source[dim] = kept[i] ?? 0;
  });
  const pair = index.slice(front, front + indexed.length);
  dims.forEach((dim, i) => {
    source[dim] = pick(i, pair);
  });
  return source;
}

export function layoutOfInputs([self, ...indices]: readonly Meta[], { dims }: Picked): Layout {
  return layoutOf(
    self?.shape ?? [],
    indices.map(({ shape }) => shape),
    dims,
  );
}

/** The order of dimensions that puts the first `count` behind the next `front`. */
export function movedBack(rank: number, count: number, front: number): number[] {
  const order = Array.from({ length: rank }, (_, i) => i);
  return [...order.slice(count, count + front), ...order.slice(0, count), ...order.slice(count + front)];
}

export function inverse(order: readonly number[]): number[] {
  return order.map((_, i) => order.indexOf(i));
}

const indexOp = defineOp<Picked>({
  name: 'index',
  infer(inputs, attributes) {
    return { shape: layoutOfInputs(inputs, attributes).shape, dtype: inputs[0]?.dtype ?? 'float32' };
  },
  gradient: {
    name: 'IndexBackward0',
    edges: [0],
    saves: (_, { dims }) => ({ inputs: dims.map((_dim, i) => i + 1) }),
    backward: (grad, { attributes: { dims }, input, inputMeta }) => {
      const shape = inputMeta[0]?.shape ?? [];
      const { indexed, front, rest } = layoutOfInputs(inputMeta, { dims });
      const sizes = dims.map(dim => shape[dim] ?? 1);
      const kept = rest.map(dim => shape[dim] ?? 1);
      const strides = stridesOf(sizes);
      const places = dims.map((_, i) => {
        const indices = input(i + 1).long();
        const wrapped = indices.add(indices.lt(0).mul(sizes[i] ?? 0));
        return wrapped.mul(strides[i] ?? 1);
      });
      const flat = places.reduce((a, b) => a.add(b)).expand(indexed);
      const rows = grad
        .permute(inverse(movedBack(grad.ndim, indexed.length, front)))
        .reshape([flat.numel(), ...kept]);
      const column = flat.reshape([-1, ...kept.map(() => 1)]).expand(rows.shape);
      const count = sizes.reduce((a, b) => a * b, 1);
      const whole = zeros([count, ...kept], { dtype: grad.dtype, device: grad.device });
      const order = [...dims, ...rest];
      return [
        whole
          .scatterAdd(0, column, rows)
          .reshape([...sizes, ...kept])
          .permute(inverse(order)),
      ];
    },
  },
  lower(graph, { inputs, attributes, shape }) {
    const [self, ...indices] = inputs;
    if (self === undefined) throw new Error('index takes a tensor and its indices');
    const { indexed, front, rest } = layoutOfInputs(inputs, attributes);
    const first = graph.node('Transpose', [graph.value(self)], { perm: [...attributes.dims, ...rest] });
    const columns = indices.map(index => {
      const full = graph.node('Expand', [graph.as(index, 'int64'), graph.ints(indexed)]);
      return graph.node('Unsqueeze', [full, graph.ints([indexed.length])]);
    });
    const found = graph.node('GatherND', [first, graph.node('Concat', columns, { axis: indexed.length })]);
    return graph.node('Transpose', [found], { perm: movedBack(shape.length, indexed.length, front) });
  },
  kernel: ([self, ...indices], { dims }, output) => {
    if (self === undefined) return [];
    const layout = layoutOfInputs([self, ...indices], { dims });
    return build(output, index =>
      at(
        self,
        sourceOf(layout, index, (i, pair) => {
          const picks = indices[i];
          return picks === undefined ? 0 : place(at(picks, pair), self.shape[dims[i] ?? 0] ?? 0);
        }),
      ),
    );
  },
});

/** `self[…, rows, …, columns, …]`. */
export function indexTensors(self: Tensor, picks: readonly Pick[]): Tensor {
  const [only, ...more] = picks;
  if (only === undefined) return self;
  if (more.length === 0) return indexTensor(self, only.dim, only.indices);
  for (const { dim, indices } of picks) {
    checkIndex('index', indices);
    const size = self.size(dim);
    checkRange(indices, -size, size, outOfBounds(dim, size));
  }
  const tensors = picks.map(({ indices }) => indices);
  return apply(indexOp, [self, ...tensors], { dims: picks.map(({ dim }) => dim) });
}
