/** Activation functions made of straight pieces. `relu` stands in a file of its own. */
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import type { Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { where } from '../pointwise/selection';
import { defineSignatures } from '../signatures';
import { activationOp, floatingOnly } from './activation-op';

type Shrink = { lambd: number };

const inside = (x: Tensor, { lambd }: Shrink) => x.ge(-lambd).logicalAnd(x.le(lambd));

const softshrinkOp = activationOp<Shrink>({
  name: 'softshrink',
  node: 'SoftshrinkBackward0',
  formula: 'x moved towards 0 by λ',
  onnx(graph, x, dtype, { lambd }) {
    const [low, high] = [graph.scalar(-lambd, dtype), graph.scalar(lambd, dtype)];
    const negative = graph.node('Less', [x, low]);
    const rest = graph.node('Where', [negative, graph.node('Add', [x, high]), graph.scalar(0, dtype)]);
    return graph.node('Where', [graph.node('Greater', [x, high]), graph.node('Sub', [x, high]), rest]);
  },
  element: (x, { lambd }) => (x > lambd ? x - lambd : x < -lambd ? x + lambd : 0),
  gradient: (grad, x, attributes) => where(inside(x, attributes), 0, grad),
});

/** x moved towards 0 by λ, and 0 where it is nearer than that. */
export function softshrink(self: Tensor, lambd = 0.5): Tensor {
  if (lambd < 0) {
    throw new EngineError(`lambda must be greater or equal to 0, but found to be ${lambd}.`);
  }
  return apply(softshrinkOp, [floatingOnly('softshrink_cpu', self)], { lambd });
}

const hardshrinkOp = activationOp<Shrink>({
  name: 'hardshrink',
  node: 'HardshrinkBackward0',
  formula: 'x where |x| > λ, else 0',
  onnx(graph, x, dtype, { lambd }) {
    const near = graph.node('LessOrEqual', [graph.node('Abs', [x]), graph.scalar(lambd, dtype)]);
    return graph.node('Where', [near, graph.scalar(0, dtype), x]);
  },
  element: (x, { lambd }) => (Math.abs(x) <= lambd ? 0 : x),
  gradient: (grad, x, attributes) => where(inside(x, attributes), 0, grad),
});

/** x, and 0 where |x| ≤ λ. */
export const hardshrink = (self: Tensor, lambd = 0.5): Tensor =>
  apply(hardshrinkOp, [floatingOnly('hardshrink_cpu', self)], { lambd });

type Limits = { min: number; max: number };

const hardtanhOp = activationOp<Limits>({
  name: 'hardtanh',
  node: 'HardtanhBackward0',
  formula: 'x kept within [min, max]',
  onnx: (graph, x, dtype, { min, max }) =>
    graph.node('Clip', [x, graph.scalar(min, dtype), graph.scalar(max, dtype)]),
  element: (x, { min, max }) => (Number.isNaN(x) ? x : Math.min(Math.max(x, min), max)),
  gradient: (grad, x, { min, max }) => where(x.le(min).logicalOr(x.ge(max)), 0, grad),
});

/** x kept within [min, max]; at the bounds the gradient is 0, unlike `clamp`'s. */
export function hardtanh(self: Tensor, min = -1, max = 1): Tensor {
  if (self.dtype === 'bool') throw new EngineError('Bool inputs not supported for hardtanh');
  return apply(hardtanhOp, [self], { min, max });
}

/** x kept within [0, 6]. */
export const relu6 = (self: Tensor): Tensor => hardtanh(self, 0, 6);

const hardsigmoidOp = activationOp({
  name: 'hardsigmoid',
  node: 'HardsigmoidBackward0',
  formula: '(x + 3) / 6 kept within [0, 1]',
  onnx(graph, x, dtype) {
    const [three, six] = [graph.scalar(3, dtype), graph.scalar(6, dtype)];
    const kept = graph.node('Clip', [graph.node('Add', [x, three]), graph.scalar(0, dtype), six]);
    return graph.node('Div', [kept, six]);
  },
  element: x => (Number.isNaN(x) ? x : Math.min(Math.max(x + 3, 0), 6) / 6),
  gradient: (grad, x) => where(x.gt(-3).logicalAnd(x.lt(3)), grad.mul(1 / 6), 0),
});

/** (x + 3) / 6 kept within [0, 1]. */
export const hardsigmoid = (self: Tensor): Tensor =>
  apply(hardsigmoidOp, [floatingOnly('hardsigmoid', self)], {});

const hardswishOp = activationOp({
  name: 'hardswish',
  node: 'HardswishBackward0',
  formula: 'x · hardsigmoid(x)',
  onnx(graph, x, dtype) {
    const [three, six] = [graph.scalar(3, dtype), graph.scalar(6, dtype)];
    const kept = graph.node('Clip', [graph.node('Add', [x, three]), graph.scalar(0, dtype), six]);
    return graph.node('Div', [graph.node('Mul', [x, kept]), six]);
  },
  element: x => (Number.isNaN(x) ? x : (x * Math.min(Math.max(x + 3, 0), 6)) / 6),
  gradient: (grad, x) => where(x.lt(-3), 0, where(x.lt(3), grad.mul(x.div(3).add(0.5)), grad)),
});

/** x · hardsigmoid(x). */
export const hardswish = (self: Tensor): Tensor =>
  apply(hardswishOp, [floatingOnly('hardswish_cpu', self)], {});

type Slope = { slope: number };

export const leakyReluOp = activationOp<Slope>({
  name: 'leaky_relu',
  node: 'LeakyReluBackward0',
  formula: 'x > 0: x, else slope · x',
  onnx: (graph, x, dtype, { slope }) =>
    graph.node('Where', [
      graph.node('Greater', [x, graph.scalar(0, dtype)]),
      x,
      graph.node('Mul', [x, graph.scalar(slope, dtype)]),
    ]),
  element: (x, { slope }) => (x > 0 ? x : x * slope),
  gradient: (grad, x, { slope }) => where(x.gt(0), grad, grad.mul(slope)),
});

/** x where it is positive, else x times a small slope. */
export const leakyRelu = (self: Tensor, negativeSlope = 0.01): Tensor =>
  apply(leakyReluOp, [floatingOnly('leaky_relu_cpu', self)], { slope: negativeSlope });

type Threshold = { threshold: number; value: number };

export const thresholdOp = activationOp<Threshold>({
  name: 'threshold',
  node: 'ThresholdBackward0',
  formula: 'x > threshold: x, else a value',
  onnx: (graph, x, dtype, { threshold, value }) =>
    graph.node('Where', [
      graph.node('LessOrEqual', [x, graph.scalar(threshold, dtype)]),
      graph.scalar(value, dtype),
      x,
    ]),
  element: (x, { threshold, value }) => (x <= threshold ? value : x),
  gradient: (grad, x, { threshold }) => where(x.le(threshold), 0, grad),
});

/** x where it lies above a threshold, else `value`. */
export const threshold = (self: Tensor, limit: number, value: number): Tensor =>
  apply(thresholdOp, [self], { threshold: limit, value });

/** The shape in which one slope per channel meets the input. */
function slopeShape({ shape }: Meta, weight: Meta): Shape {
  return weight.shape.length === 0 || weight.shape[0] === 1 || shape.length < 2
    ? shape.map(() => 1)
    : shape.map((size, i) => (i === 1 ? size : 1));
}

const preluOp = defineOp({
  name: 'prelu',
  formula: 'x > 0: x, else weight · x',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'PreluBackward0',
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { needs, input }) => {
      const [x, weight] = [input(0), input(1)];
      const shape = slopeShape(x, weight);
      const slope = weight.reshape(shape);
      const others = shape.flatMap((size, i) => (size === 1 ? [i] : []));
      const ofSlope = where(x.gt(0), 0, x.mul(grad));
      return [
        needs[0] ? where(x.gt(0), grad, grad.mul(slope)) : undefined,
        needs[1] ? (others.length === 0 ? ofSlope : ofSlope.sum(others)).reshape(weight.shape) : undefined,
      ];
    },
  },
  lower(graph, { inputs: [input, weight], dtype }) {
    if (input === undefined || weight === undefined) throw new Error('prelu takes two inputs');
    const x = graph.value(input);
    const shape = graph.ints(slopeShape(input, weight));
    const slope = graph.node('Reshape', [graph.value(weight), shape]);
    const positive = graph.node('Greater', [x, graph.scalar(0, dtype)]);
    return graph.node('Where', [positive, x, graph.node('Mul', [x, slope])]);
  },
  kernel: ([input, weight], _, output) =>
    build(output, index => {
      if (input === undefined || weight === undefined) return 0;
      const x = at(input, index);
      return x > 0 ? x : x * at({ ...weight, shape: slopeShape(input, weight) }, index);
    }),
});

/** x where it is positive, else x times a learned slope: one for all, or one for each channel. */
export function prelu(self: Tensor, weight: Tensor): Tensor {
  const channels = self.ndim < 2 ? 1 : self.size(1);
  if (weight.numel() !== 1 && weight.numel() !== channels) {
    throw new EngineError(
      `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${weight.numel()} and ` +
        `channel size = ${channels}.`,
    );
  }
  return apply(preluOp, [floatingOnly('prelu_cpu', self), weight], {});
}

defineMethods({ hardshrink, prelu });
defineSignatures(`
  relu6(self)
  leaky_relu(self, negative_slope)
  softshrink(self, lambd)
  hardshrink(self, lambd)
  hardtanh(self, min_val, max_val)
  hardsigmoid(self)
  hardswish(self)
  prelu(self, weight)
  threshold(self, threshold, value)
`);

declare module '../../tensor' {
  interface Tensor {
    /** This, and 0 where |x| ≤ λ. */
    hardshrink(lambd?: number): Tensor;
    /** This where it is positive, else times a learned slope. */
    prelu(weight: Tensor): Tensor;
  }
}
