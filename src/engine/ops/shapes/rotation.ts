/** Turning a tensor in the plane of two of its dimensions. */
import { EngineError } from '../../errors';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';

type Turn = { k: number; dims: readonly number[] };

/** Turned without a view in between: a node of its own. */
const rot90Op: Op<Turn> = defineOp<Turn>({
  name: 'rot90',
  formula: 'turned by quarters',
  infer: ([input], { k, dims: [a = 0, b = 1] }) => {
    const shape = input?.shape ?? [];
    const turned = shape.map((size, i) => (i === a ? (shape[b] ?? 1) : i === b ? (shape[a] ?? 1) : size));
    return { shape: k % 2 === 0 ? shape : turned, dtype: input?.dtype ?? 'float32' };
  },
  gradient: {
    name: 'Rot90Backward0',
    backward: (grad, { attributes: { k, dims } }) => [apply(rot90Op, [grad], { k: (4 - k) % 4, dims })],
  },
  lower(
    graph,
    {
      inputs,
      attributes: {
        k,
        dims: [a = 0, b = 1],
      },
    },
  ) {
    const [input] = inputs;
    if (input === undefined) throw new Error('rot90 takes an input');
    const reversed = (value: string, dim: number) => {
      const size = input.shape[dim] ?? 1;
      const places = graph.ints(Array.from({ length: size }, (_, i) => size - 1 - i));
      return graph.node('Gather', [value, places], { axis: dim });
    };
    const perm = input.shape.map((_, i) => (i === a ? b : i === b ? a : i));
    const x = graph.value(input);
    if (k === 0) return x;
    if (k === 2) return reversed(reversed(x, a), b);
    return graph.node('Transpose', [reversed(x, k === 1 ? b : a)], { perm });
  },
  kernel: ([input], { k, dims: [a = 0, b = 1] }, output) =>
    build(output, index => {
      if (input === undefined) return 0;
      const [i, j] = [index[a] ?? 0, index[b] ?? 0];
      const [rows, columns] = [(input.shape[a] ?? 1) - 1, (input.shape[b] ?? 1) - 1];
      const sources = [
        [i, j],
        [j, columns - i],
        [rows - i, columns - j],
        [rows - j, i],
      ];
      const source = [...index];
      const [down = 0, right = 0] = sources[k] ?? [];
      [source[a], source[b]] = [down, right];
      return at(input, source);
    }),
});

/** Turned by `k` quarters in the plane of two dimensions, from the first towards the second. */
export function rot90(self: Tensor, k = 1, dims: readonly number[] = [0, 1]): Tensor {
  if (dims.length !== 2) {
    throw new EngineError(`expected total rotation dims == 2, but got dims = ${dims.length}`);
  }
  if (self.ndim < 2) {
    throw new EngineError(`expected total dims >= 2, but got total dims = ${self.ndim}`);
  }
  const places = dims.map(dim => wrapDim(dim, self.ndim));
  if (places[0] === places[1]) {
    throw new EngineError(
      `expected rotation dims to be different, but got dim0 = ${dims[0]} and dim1 = ${dims[1]}`,
    );
  }
  return apply(rot90Op, [self], { k: ((k % 4) + 4) % 4, dims: places });
}

defineMethods({ rot90 });
defineSignatures(`
  rot90(self, k, dims)
`);

declare module '../../tensor' {
  interface Tensor {
    /** Turned by `k` quarters in the plane of two dimensions. */
    rot90(k?: number, dims?: readonly number[]): Tensor;
  }
}
