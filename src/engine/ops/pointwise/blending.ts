/** Several tensors blended element by element: `lerp`, `addcmul`, `addcdiv`, `hypot`. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike } from '../apply';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp, promote } from './elementwise';

/** From the nearer end, so that either end is met exactly. */
const lerpForm = (name: string, node: string, edges: readonly number[]) =>
  elementwiseOp({
    name,
    formula: 'x + w·(y − x)',
    onnx(graph, [a = '', b = '', w = ''], dtype) {
      const between = graph.node('Sub', [b, a]);
      const one = graph.scalar(1, dtype);
      const fromA = graph.node('Add', [a, graph.node('Mul', [w, between])]);
      const back = graph.node('Mul', [between, graph.node('Sub', [one, w])]);
      const near = graph.node('Less', [graph.node('Abs', [w]), graph.scalar(0.5, dtype)]);
      return graph.node('Where', [near, fromA, graph.node('Sub', [b, back])]);
    },
    element: (_, a = 0, b = 0, w = 0) => (Math.abs(w) < 0.5 ? a + w * (b - a) : b - (b - a) * (1 - w)),
    gradient: {
      name: node,
      edges,
      saves: needs => ({ inputs: needs[2] ? [0, 1, 2] : [2] }),
      backward: (grad, { needs, input }) => [
        needs[0] ? grad.mul(input(2).rsub(1)) : undefined,
        needs[1] ? grad.mul(input(2)) : undefined,
        needs[2] ? grad.mul(input(1).sub(input(0))) : undefined,
      ],
    },
  });

const lerpOp = defineOp(lerpForm('lerp', 'LerpBackward1', [0, 1, 2]));
const lerpNumberOp = defineOp(lerpForm('lerp_number', 'LerpBackward0', [0, 1]));

type Weighted = { value: number };

const addcmulOp = defineOp(
  elementwiseOp<Weighted>({
    name: 'addcmul',
    formula: 'x + v·y·z',
    onnx: (graph, [x = '', a = '', b = ''], dtype, { value }) =>
      graph.node('Add', [x, graph.node('Mul', [graph.node('Mul', [a, b]), graph.scalar(value, dtype)])]),
    element: ({ value }, x = 0, a = 0, b = 0) => x + value * a * b,
    gradient: {
      name: 'AddcmulBackward0',
      saves: needs => ({ inputs: [...(needs[2] ? [1] : []), ...(needs[1] ? [2] : [])] }),
      backward: (grad, { attributes: { value }, needs, input }) => [
        needs[0] ? grad : undefined,
        needs[1] ? grad.mul(input(2).mul(value)) : undefined,
        needs[2] ? grad.mul(input(1).mul(value)) : undefined,
      ],
    },
  }),
);

const addcdivOp = defineOp(
  elementwiseOp<Weighted>({
    name: 'addcdiv',
    formula: 'x + v·y / z',
    onnx: (graph, [x = '', a = '', b = ''], dtype, { value }) =>
      graph.node('Add', [x, graph.node('Mul', [graph.node('Div', [a, b]), graph.scalar(value, dtype)])]),
    element: ({ value }, x = 0, a = 0, b = 0) => x + (value * a) / b,
    gradient: {
      name: 'AddcdivBackward0',
      saves: needs => ({ inputs: needs[2] ? [1, 2] : [2] }),
      backward: (grad, { attributes: { value }, needs, input }) => [
        needs[0] ? grad : undefined,
        needs[1] ? grad.mul(input(2).reciprocal().mul(value)) : undefined,
        needs[2]
          ? grad
              .neg()
              .mul(input(1).mul(value))
              .div(input(2).mul(input(2)))
          : undefined,
      ],
    },
  }),
);

const hypotOp = defineOp(
  elementwiseOp({
    name: 'hypot',
    formula: '√(x² + y²)',
    onnx(graph, [x = '', y = ''], dtype) {
      const [width, height] = [graph.node('Abs', [x]), graph.node('Abs', [y])];
      const large = graph.node('Max', [width, height]);
      const infinite = graph.node('Or', [graph.node('IsInf', [x]), graph.node('IsInf', [y])]);
      const isZero = graph.node('Equal', [large, graph.scalar(0, dtype)]);
      const ratio = graph.node('Div', [graph.node('Min', [width, height]), large]);
      const one = graph.scalar(1, dtype);
      const root = graph.node('Sqrt', [graph.node('Add', [graph.node('Mul', [ratio, ratio]), one])]);
      const length = graph.node('Where', [isZero, large, graph.node('Mul', [large, root])]);
      return graph.node('Where', [infinite, graph.scalar(Number.POSITIVE_INFINITY, dtype), length]);
    },
    element: (_, x = 0, y = 0) => Math.hypot(x, y),
    gradient: {
      name: 'HypotBackward0',
      saves: () => ({ inputs: [0, 1], output: true }),
      backward: (grad, { needs, input, output }) => [
        needs[0] ? grad.mul(input(0).div(output())) : undefined,
        needs[1] ? grad.mul(input(1).div(output())) : undefined,
      ],
    },
  }),
);

/** √(self² + other²), without overflow. */
export function hypot(self: Tensor, other: Tensor): Tensor {
  const type = promote([self, other]);
  if (!isFloating(type)) throw new EngineError(`"hypot_cpu" not implemented for '${type}'`);
  return apply(hypotOp, [self, other], {});
}

/** From `self` to `end` by a share `weight` of the way. */
export function lerp(self: Tensor, end: Tensor, weight: TensorLike): Tensor {
  if (!isFloating(self.dtype)) throw new EngineError(`"lerp_cpu" not implemented for '${self.dtype}'`);
  for (const other of typeof weight === 'number' ? [end] : [end, weight]) {
    if (other.dtype !== self.dtype) {
      throw new EngineError(`expected dtype ${self.dtype} but got dtype ${other.dtype}`);
    }
  }
  return apply(typeof weight === 'number' ? lerpNumberOp : lerpOp, [self, end, asTensor(weight, self)], {});
}

/** `self + value · first · second`. */
export function addcmul(self: Tensor, first: Tensor, second: Tensor, { value = 1 } = {}): Tensor {
  const operands = [self, first, second];
  const type = promote(operands);
  if (type === 'bool') throw new EngineError('"addcmul_cpu_out" not implemented for \'Bool\'');
  return apply(addcmulOp, operands, { value: isFloating(type) ? value : Math.trunc(value) });
}

/** `self + value · first / second`. */
export function addcdiv(self: Tensor, first: Tensor, second: Tensor, { value = 1 } = {}): Tensor {
  if (!isFloating(first.dtype) && !isFloating(second.dtype)) {
    throw new EngineError(
      'Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a ' +
        'true division of tensor1 and tensor2. Use (input + value * torch.trunc(tensor1 / tensor2)) instead.',
    );
  }
  return apply(addcdivOp, [self, first, second], { value });
}

defineMethods({ lerp, addcmul, addcdiv, hypot });
defineInPlaceMethods({ lerp, addcmul, addcdiv, hypot });
defineSignatures(`
  hypot(self, other)
  lerp(self, end, weight)
  addcmul(self, tensor1, tensor2 | value)
  addcdiv(self, tensor1, tensor2 | value)
`);

type Value = { readonly value?: number };

declare module '../../tensor' {
  interface Tensor {
    /** √(this² + other²), without overflow. */
    hypot(other: Tensor): Tensor;
    hypot_(other: Tensor): this;
    /** From this to `end` by a share `weight` of the way. */
    lerp(end: Tensor, weight: TensorLike): Tensor;
    lerp_(end: Tensor, weight: TensorLike): this;
    /** `this + value · first · second`. */
    addcmul(first: Tensor, second: Tensor, options?: Value): Tensor;
    addcmul_(first: Tensor, second: Tensor, options?: Value): this;
    /** `this + value · first / second`. */
    addcdiv(first: Tensor, second: Tensor, options?: Value): Tensor;
    addcdiv_(first: Tensor, second: Tensor, options?: Value): this;
  }
}
