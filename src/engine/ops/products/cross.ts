/** The cross product of vectors in space. */
import { EngineError } from '../../errors';
import { broadcastShapes, formatShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { arithmeticType, promote } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';

const crossOp = defineOp<{ dim: number }>({
  name: 'linalg_cross',
  formula: 'a × b',
  infer: inputs => ({
    shape: inputs.map(({ shape }) => shape).reduce(broadcastShapes, []),
    dtype: promote(inputs),
  }),
  gradient: {
    name: 'LinalgCrossBackward0',
    saves: needs => ({ inputs: [1, 0].filter((_, i) => needs[i]) }),
    backward: (grad, { attributes: { dim }, needs, input }) => [
      needs[0] ? linalgCross(input(1), grad, { dim }) : undefined,
      needs[1] ? linalgCross(grad, input(0), { dim }) : undefined,
    ],
  },
  lower(graph, { inputs, attributes: { dim }, dtype }) {
    const type = arithmeticType(dtype);
    const [a = '', b = ''] = inputs.map(input => graph.as(input, type));
    const turned = (x: string, by: readonly number[]) =>
      graph.node('Gather', [x, graph.ints(by)], { axis: dim });
    const [next, last] = [
      [1, 2, 0],
      [2, 0, 1],
    ] as const;
    const product = (by: readonly number[], other: readonly number[]) =>
      graph.node('Mul', [turned(a, by), turned(b, other)]);
    return graph.cast(graph.node('Sub', [product(next, last), product(last, next)]), type, dtype);
  },
  kernel: ([a, b], { dim }, output) =>
    build(output, index => {
      if (a === undefined || b === undefined) return 0;
      const turned = (by: number) => index.map((i, d) => (d === dim ? (i + by) % 3 : i));
      return at(a, turned(1)) * at(b, turned(2)) - at(a, turned(2)) * at(b, turned(1));
    }),
});

/** The cross products of the vectors along `dim`, the last one by default; the other dimensions are broadcast. */
export function linalgCross(
  self: Tensor,
  other: Tensor,
  { dim = -1 }: { readonly dim?: number } = {},
): Tensor {
  if (self.ndim !== other.ndim) {
    throw new EngineError('linalg.cross: inputs must have the same number of dimensions.');
  }
  const axis = wrapDim(dim, self.ndim);
  if (self.shape[axis] !== 3 || other.shape[axis] !== 3) {
    throw new EngineError(
      `linalg.cross: inputs dimension ${dim} must have length 3. Got ${self.shape[axis]} and ${other.shape[axis]}`,
    );
  }
  return apply(crossOp, [self, other], { dim: axis });
}

/** The cross products of the vectors along `dim`, by default the first dimension of size 3. */
export function cross(self: Tensor, other: Tensor, dim?: number): Tensor {
  if (dim !== undefined) return linalgCross(self, other, { dim });
  const found = self.shape.indexOf(3);
  if (found === -1) throw new EngineError(`no dimension of size 3 in input ${formatShape(self.shape)}`);
  return linalgCross(self, other, { dim: found });
}

defineMethods({ cross });
defineSignatures(`
  cross(self, other, dim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The cross products of the vectors along `dim`, by default the first dimension of size 3. */
    cross(other: Tensor, dim?: number): Tensor;
  }
}
