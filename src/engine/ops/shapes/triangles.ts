/** Triangles of matrices. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { numel } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { build } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';

type Triangle = { diagonal: number };

function triangle(name: string, node: string, upper: boolean) {
  const op: Op<Triangle> = defineOp<Triangle>({
    name,
    formula: upper ? 'zero below a diagonal' : 'zero above a diagonal',
    infer([input]) {
      if ((input?.shape.length ?? 0) < 2) {
        throw new EngineError(`${name}: input tensor must have at least 2 dimensions`);
      }
      return { shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' };
    },
    gradient: { name: node, backward: (grad, { attributes }) => [apply(op, [grad], attributes)] },
    lower(graph, { inputs: [input], attributes, shape, dtype }) {
      if (input === undefined) throw new Error(`${name} takes an input`);
      if (numel(shape) === 0) return graph.value(input);
      const type = isFloating(dtype) ? dtype : 'int64';
      const k = graph.scalar(attributes.diagonal, 'int64');
      return graph.cast(
        graph.node('Trilu', [graph.as(input, type), k], { upper: Number(upper) }),
        type,
        dtype,
      );
    },
    kernel: ([input], attributes, output) => {
      let position = 0;
      return build(output, index => {
        const beyond = (index.at(-1) ?? 0) - (index.at(-2) ?? 0) - attributes.diagonal;
        const value = input?.data[position++] ?? 0;
        return beyond === 0 || beyond > 0 === upper ? value : 0;
      });
    },
  });
  return (self: Tensor, k = 0): Tensor => apply(op, [self], { diagonal: k });
}

/** The lower triangle of each matrix: zero above a diagonal. */
export const tril = triangle('tril', 'TrilBackward0', false);
/** The upper triangle of each matrix: zero below a diagonal. */
export const triu = triangle('triu', 'TriuBackward0', true);

defineMethods({ tril, triu });
defineInPlaceMethods({ tril, triu });
defineSignatures(`
  tril(self, diagonal)
  triu(self, diagonal)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The lower triangle of each matrix: zero above a diagonal. */
    tril(diagonal?: number): Tensor;
    tril_(diagonal?: number): this;
    /** The upper triangle of each matrix: zero below a diagonal. */
    triu(diagonal?: number): Tensor;
    triu_(diagonal?: number): this;
  }
}
