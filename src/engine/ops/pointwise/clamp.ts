/** Keeping elements between bounds: plain numbers, or tensors. */
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply, wrapNumber } from '../apply';
import { encodeNumber } from '../encode-number';
import { decodeNumber } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Gradient, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { maximumOp, minimumOp } from './arithmetic';
import { elementwiseOp, promote } from './elementwise';
import { where } from './selection';

type Bounds = { min: number | string | null; max: number | string | null };

const decoded = (bound: number | string | null) => (bound === null ? null : decodeNumber(bound));

function clampForm(name: string, node: string): Op<Bounds> {
  return defineOp<Bounds>(
    elementwiseOp<Bounds>({
      name,
      formula: 'x kept between a lowest and a highest value',
      onnx(graph, [x = ''], dtype, { min, max }) {
        const [low, high] = [decoded(min), decoded(max)];
        return graph.node('Clip', [
          x,
          low === null ? '' : graph.scalar(low, dtype),
          high === null ? '' : graph.scalar(high, dtype),
        ]);
      },
      element({ min, max }, x = 0) {
        const [low, high] = [decoded(min), decoded(max)];
        if (Number.isNaN(x)) return x;
        return Math.min(Math.max(x, low ?? Number.NEGATIVE_INFINITY), high ?? Number.POSITIVE_INFINITY);
      },
      gradient: {
        name: node,
        saves: () => ({ inputs: [0] }),
        backward: (grad, { attributes: { min, max }, input }) => {
          const x = input(0);
          const [low, high] = [decoded(min), decoded(max)];
          const inside = [...(low === null ? [] : [x.ge(low)]), ...(high === null ? [] : [x.le(high)])];
          return [inside.reduce((result, holds) => result.mul(holds.to(grad.dtype)), grad)];
        },
      },
    }),
  );
}

const clampOp = clampForm('clamp', 'ClampBackward1');
const clampMinOp = clampForm('clamp_min', 'ClampMinBackward0');
const clampMaxOp = clampForm('clamp_max', 'ClampMaxBackward0');

/** The gradient goes to the bound where the element lies beyond it. PyTorch's `clamp` counts the bound not given. */
function boundGradient(name: string, isMin: boolean): Gradient<Readonly<Record<string, never>>> {
  const edges = name !== 'ClampBackward0' ? [0, 1] : isMin ? [0, 1, 2] : [0, 2, 1];
  return {
    name,
    edges,
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { needs, input }) => {
      const kept = isMin ? input(0).ge(input(1)) : input(0).le(input(1));
      const results = [
        needs[0] ? where(kept, grad, 0) : undefined,
        needs[1] ? where(kept, 0, grad) : undefined,
      ];
      return edges.map(edge => results[edge]);
    },
  };
}

const boundOp = (name: string, isMin: boolean, node: string) =>
  defineOp({ ...(isMin ? maximumOp : minimumOp), name, gradient: boundGradient(node, isMin) });

const clampMinTensorOp = boundOp('clamp_min_tensor', true, 'ClampMinBackward1');
const clampMaxTensorOp = boundOp('clamp_max_tensor', false, 'ClampMaxBackward1');
const clampLowOp = boundOp('clamp_low', true, 'ClampBackward0');
const clampHighOp = boundOp('clamp_high', false, 'ClampBackward0');

const clampTensorsOp = defineOp(
  elementwiseOp({
    name: 'clamp_tensors',
    onnx: (graph, [x = '', min = '', max = '']) => graph.node('Min', [graph.node('Max', [x, min]), max]),
    element: (_, x = 0, min = 0, max = 0) =>
      [x, min, max].some(Number.isNaN) ? Number.NaN : Math.min(Math.max(x, min), max),
    gradient: {
      name: 'ClampBackward0',
      saves: () => ({ inputs: [0, 1, 2] }),
      backward: (grad, { needs, input }) => {
        const [x, min, max] = [input(0), input(1), input(2)];
        return [
          needs[0] ? where(x.ge(min).logicalAnd(x.le(max)), grad, 0) : undefined,
          needs[1] ? where(x.lt(min).logicalAnd(min.lt(max)), grad, 0) : undefined,
          needs[2] ? where(x.gt(max).logicalOr(max.lt(min)), grad, 0) : undefined,
        ];
      },
    },
  }),
);

type Bound = number | null | undefined;

function bounded(op: Op<Bounds>, self: Tensor, min: Bound, max: Bound): Tensor {
  const numbers = [min, max].filter(bound => bound != null);
  const type = promote([self, ...numbers.map(bound => wrapNumber(bound, self.device))]);
  if (type === 'bool') throw new EngineError('"clamp_scalar_cpu" not implemented for \'Bool\'');
  const stored = (bound: Bound) => (bound == null ? null : encodeNumber(bound));
  return apply(op, [self.to(type)], { min: stored(min), max: stored(max) });
}

/** The elements, moved into [min, max]: both numbers, or both tensors. */
export function clamp(self: Tensor, min?: Bound | Tensor, max?: Bound | Tensor): Tensor {
  if (min == null && max == null) {
    throw new EngineError("torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  const [low, high] = [min ?? undefined, max ?? undefined];
  if (typeof low !== 'object' && typeof high !== 'object') return bounded(clampOp, self, low, high);
  if (typeof low === 'number' || typeof high === 'number') {
    throw new EngineError('clamp takes two numbers or two tensors as its bounds, not one of each');
  }
  if (low === undefined) return high === undefined ? self : apply(clampHighOp, [self, high], {});
  return high === undefined
    ? apply(clampLowOp, [self, low], {})
    : apply(clampTensorsOp, [self, low, high], {});
}

/** The elements, at least `min`. */
export function clampMin(self: Tensor, min: number | Tensor): Tensor {
  return typeof min === 'number'
    ? bounded(clampMinOp, self, min, null)
    : apply(clampMinTensorOp, [self, min], {});
}

/** The elements, at most `max`. */
export function clampMax(self: Tensor, max: number | Tensor): Tensor {
  return typeof max === 'number'
    ? bounded(clampMaxOp, self, null, max)
    : apply(clampMaxTensorOp, [self, max], {});
}

/** Another name of {@link clamp}. */
export const clip = clamp;

const functions = { clamp, clip, clampMin, clampMax };
defineMethods(functions);
defineInPlaceMethods(functions);
defineSignatures(`
  clamp(self, min, max)
  clip = clamp(self, min, max)
  clamp_min(self, min)
  clamp_max(self, max)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The elements, moved into [min, max]: both numbers, or both tensors. */
    clamp(min?: Bound | Tensor, max?: Bound | Tensor): Tensor;
    clamp_(min?: Bound | Tensor, max?: Bound | Tensor): this;
    clip(min?: Bound | Tensor, max?: Bound | Tensor): Tensor;
    clip_(min?: Bound | Tensor, max?: Bound | Tensor): this;
    /** The elements, at least `min`. */
    clampMin(min: number | Tensor): Tensor;
    clampMin_(min: number | Tensor): this;
    /** The elements, at most `max`. */
    clampMax(max: number | Tensor): Tensor;
    clampMax_(max: number | Tensor): this;
  }
}
