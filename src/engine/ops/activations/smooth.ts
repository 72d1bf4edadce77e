/** Activation functions without corners: exponential units, `gelu`, `silu`, `mish`, `softplus` and their like. */
import type { DType } from '../../dtype';
import { EngineError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { formatShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineOp } from '../op';
import { erfOf, lowerErf } from '../pointwise/error-function';
import { where } from '../pointwise/selection';
import { lowerExpm1, lowerLog1p, lowerSigmoid } from '../pointwise/series';
import { cat } from '../shapes/join';
import { defineSignatures } from '../signatures';
import { type ActivationSpec, activationOp, floatingOnly } from './activation-op';
import { type InType, softmax } from './softmax';

const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x));

type Exponential = { alpha: number; scale: number; inputScale: number };

const exponentialForm: Omit<ActivationSpec<Exponential>, 'name' | 'node'> = {
  formula: 'x > 0: x, else α·(exp(x) − 1)',
  onnx(graph, x, dtype, { alpha, scale, inputScale }) {
    const constant = (value: number) => graph.scalar(value, dtype);
    const below = lowerExpm1(graph, graph.node('Mul', [x, constant(inputScale)]), dtype);
    return graph.node('Where', [
      graph.node('LessOrEqual', [x, constant(0)]),
      graph.node('Mul', [below, constant(alpha * scale)]),
      graph.node('Mul', [x, constant(scale)]),
    ]);
  },
  element: (x, { alpha, scale, inputScale }) =>
    x <= 0 ? Math.expm1(x * inputScale) * alpha * scale : x * scale,
  gradient: (grad, x, { alpha, scale, inputScale }) =>
    where(x.le(0), grad.mul(inputScale * alpha * scale).mul(x.mul(inputScale).exp()), grad.mul(scale)),
};

export const eluOp = activationOp({ ...exponentialForm, name: 'elu', node: 'EluBackward0' });
export const celuOp = activationOp({ ...exponentialForm, name: 'celu', node: 'CeluBackward0' });

/** x where it is positive, else α·(exp(x) − 1). */
export const elu = (self: Tensor, alpha = 1): Tensor =>
  apply(eluOp, [floatingOnly('elu_cpu', self)], { alpha, scale: 1, inputScale: 1 });

/** {@link elu} with the constants that keep mean 0 and variance 1. */
export const selu = (self: Tensor): Tensor =>
  apply(eluOp, [floatingOnly('elu_cpu', self)], {
    alpha: 1.6732632423543772,
    scale: 1.0507009873554805,
    inputScale: 1,
  });

/** x where it is positive, else α·(exp(x / α) − 1). */
export function celu(self: Tensor, alpha = 1): Tensor {
  if (alpha === 0) throw new EngineError('ZeroDivisionError: alpha cannot be 0 for CELU');
  return apply(celuOp, [floatingOnly('celu_cpu', self)], { alpha, scale: 1, inputScale: 1 / alpha });
}

/** tanh of this times (x + 0.044715·x³) comes close to the error function of x/√2. */
const tanhFactor = Math.sqrt(2 / Math.PI);
const tanhCube = 0.044715;

type Gelu = { approximate: string };

function lowerGelu(graph: GraphBuilder, x: string, dtype: DType, { approximate }: Gelu): string {
  const constant = (value: number) => graph.scalar(value, dtype);
  const half = graph.node('Mul', [x, constant(0.5)]);
  const curve = () => {
    if (approximate === 'none') return lowerErf(graph, graph.node('Mul', [x, constant(Math.SQRT1_2)]), dtype);
    const square = graph.node('Mul', [graph.node('Mul', [x, x]), constant(tanhCube)]);
    const scaled = graph.node('Mul', [x, graph.node('Add', [square, constant(1)])]);
    return graph.node('Tanh', [graph.node('Mul', [scaled, constant(tanhFactor)])]);
  };
  return graph.node('Mul', [half, graph.node('Add', [curve(), constant(1)])]);
}

const geluOp = activationOp<Gelu>({
  name: 'gelu',
  node: 'GeluBackward0',
  formula: 'x · Φ(x)',
  onnx: lowerGelu,
  element: (x, { approximate }) =>
    0.5 *
    x *
    (1 +
      (approximate === 'none' ? erfOf(x * Math.SQRT1_2) : Math.tanh(tanhFactor * (x + tanhCube * x ** 3)))),
  gradient(grad, x, { approximate }) {
    if (approximate === 'none') {
      const below = x.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
      const density = x
        .mul(x)
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI));
      return grad.mul(below.add(x.mul(density)));
    }
    const square = x.mul(x);
    const curve = square.mul(tanhCube).add(1).mul(x).mul(tanhFactor).tanh();
    const slope = square
      .mul(3 * tanhCube)
      .add(1)
      .mul(tanhFactor);
    const right = curve.mul(curve).rsub(1).mul(slope).mul(x).mul(0.5);
    return grad.mul(curve.add(1).mul(0.5).add(right));
  },
});

/** x · Φ(x), with the normal distribution's Φ or (`tanh`) what comes close to it. */
export function gelu(self: Tensor, { approximate = 'none' }: { approximate?: 'none' | 'tanh' } = {}): Tensor {
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new EngineError('approximate argument must be either none or tanh.');
  }
  return apply(geluOp, [floatingOnly('GeluKernelImpl', self)], { approximate });
}

const siluOp = activationOp({
  name: 'silu',
  node: 'SiluBackward0',
  formula: 'x · σ(x)',
  onnx: (graph, x, dtype) => graph.node('Mul', [x, lowerSigmoid(graph, x, dtype)]),
  element: x => x * sigmoidOf(x),
  gradient: (grad, x) => {
    const probability = x.sigmoid();
    return grad.mul(probability).mul(x.mul(probability.rsub(1)).add(1));
  },
});

/** x · σ(x). */
export const silu = (self: Tensor): Tensor => apply(siluOp, [floatingOnly('silu_cpu', self)], {});

/** log(1 + exp(x)) = max(x, 0) + log1p(exp(−|x|)). */
function lowerSoftplus(graph: GraphBuilder, x: string, dtype: DType): string {
  const rest = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x])])]);
  const positive = graph.node('Max', [x, graph.scalar(0, dtype)]);
  return graph.node('Add', [positive, lowerLog1p(graph, rest, dtype)]);
}

const softplusOf = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const mishOp = activationOp({
  name: 'mish',
  node: 'MishBackward0',
  formula: 'x · tanh(log(1 + exp(x)))',
  onnx: (graph, x, dtype) => graph.node('Mul', [x, graph.node('Tanh', [lowerSoftplus(graph, x, dtype)])]),
  element: x => x * Math.tanh(softplusOf(x)),
  gradient: (grad, x) => {
    const curve = softplus(x).tanh();
    return grad.mul(curve.add(x.mul(x.sigmoid()).mul(curve.mul(curve).rsub(1))));
  },
});

/** x · tanh(log(1 + exp(x))). */
export const mish = (self: Tensor): Tensor => apply(mishOp, [floatingOnly('mish_cpu', self)], {});

type Softplus = { beta: number; threshold: number };

const softplusOp = activationOp<Softplus>({
  name: 'softplus',
  node: 'SoftplusBackward0',
  formula: 'log(1 + exp(β·x)) / β',
  onnx(graph, x, dtype, { beta, threshold }) {
    const [factor, limit] = [graph.scalar(beta, dtype), graph.scalar(threshold, dtype)];
    const scaled = graph.node('Mul', [x, factor]);
    const smooth = graph.node('Div', [lowerSoftplus(graph, scaled, dtype), factor]);
    return graph.node('Where', [graph.node('Greater', [scaled, limit]), x, smooth]);
  },
  element: (x, { beta, threshold }) => (x * beta > threshold ? x : softplusOf(x * beta) / beta),
  gradient: (grad, x, { beta, threshold }) => {
    const scaled = x.mul(beta);
    return where(scaled.gt(threshold), grad, grad.mul(scaled.sigmoid()));
  },
});

/** log(1 + exp(β·x)) / β, and x itself where β·x lies above `threshold`. */
export const softplus = (self: Tensor, beta = 1, threshold = 20): Tensor =>
  apply(softplusOp, [floatingOnly('softplus_cpu', self)], { beta, threshold });

const logSigmoidOp = activationOp({
  name: 'logsigmoid',
  node: 'LogSigmoidBackward0',
  formula: 'log σ(x)',
  onnx: (graph, x, dtype) => graph.node('Neg', [lowerSoftplus(graph, graph.node('Neg', [x]), dtype)]),
  element: x => -softplusOf(-x),
  gradient: (grad, x) => grad.mul(x.neg().sigmoid()),
});

/** log σ(x), without overflow. */
export const logsigmoid = (self: Tensor): Tensor =>
  apply(logSigmoidOp, [floatingOnly('log_sigmoid_cpu', self)], {});

/** x / (1 + |x|). */
export const softsign = (self: Tensor): Tensor => self.div(self.abs().add(1));

/** x − tanh x. */
export const tanhshrink = (self: Tensor): Tensor => self.sub(self.tanh());

/** The {@link softmax} of −x. */
export const softmin = (self: Tensor, dim: number, options: InType = {}): Tensor =>
  softmax(self.neg(), dim, options);

type Along = { dim: number };

const gluOp = defineOp<Along>({
  name: 'glu',
  formula: 'first half · σ(second half)',
  infer: ([input], { dim }) => ({
    shape: (input?.shape ?? []).map((size, i) => (i === dim ? size / 2 : size)),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'GluBackward0',
    saves: () => ({ inputs: [0] }),
    backward: (grad, { attributes: { dim }, input }) => {
      const half = input(0).size(dim) / 2;
      const [value, gate] = [input(0).narrow(dim, 0, half), input(0).narrow(dim, half, half).sigmoid()];
      const ofGate = grad.mul(value).mul(gate).mul(gate.rsub(1));
      return [cat([grad.mul(gate), ofGate], dim)];
    },
  },
  lower(graph, { inputs, attributes: { dim }, shape, dtype }) {
    const x = inputs.map(input => graph.value(input))[0] ?? '';
    const half = shape[dim] ?? 0;
    const part = (start: number) =>
      graph.node('Slice', [x, graph.ints([start]), graph.ints([start + half]), graph.ints([dim])]);
    return graph.node('Mul', [part(0), lowerSigmoid(graph, part(half), dtype)]);
  },
  kernel: ([input], { dim }, output) =>
    build(output, index => {
      if (input === undefined) return 0;
      const half = output.shape[dim] ?? 0;
      return (
        at(input, index) *
        sigmoidOf(
          at(
            input,
            index.map((i, d) => (d === dim ? i + half : i)),
          ),
        )
      );
    }),
});

/** The first half along `dim`, each element times σ of its counterpart in the second half. */
export function glu(self: Tensor, dim = -1): Tensor {
  if (self.ndim === 0) throw new EngineError('glu does not support 0-dimensional tensors');
  const place = wrapDim(dim, self.ndim);
  if (self.size(place) % 2 !== 0) {
    throw new EngineError(
      `Halving dimension must be even, but dimension ${place} is size ${self.size(place)} of ` +
        formatShape(self.shape),
    );
  }
  return apply(gluOp, [floatingOnly('glu_cpu', self)], { dim: place });
}

defineSignatures(`
  elu(self, alpha)
  selu(self)
  celu(self, alpha)
  gelu(self | approximate)
  silu(self)
  mish(self)
  glu(self, dim)
  softplus(self, beta, threshold)
  softsign(self)
  tanhshrink(self)
  logsigmoid(self)
  softmin(self, dim)
`);
