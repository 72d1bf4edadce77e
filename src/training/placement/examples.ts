/**
 * Small calls that together lead to every operation of the engine, gradients included: what `descent devices --ops` tries
 * on a device. A test sees to it that none is missing.
 */

import type { Device, Tensor } from '../../engine';
import * as engine from '../../engine';

/** What the calls are made with. */
interface Given {
  readonly device: Device;
  /** Numbers between −0.9 and 0.9, and between 0.1 and 0.9: [2, 3]. */
  readonly x: Tensor;
  readonly y: Tensor;
  readonly positive: Tensor;
  /** [2, 3] of true and false. */
  readonly mask: Tensor;
  /** Whole numbers below 2: [2, 3]. */
  readonly places: Tensor;
  /** [3], [3, 2] and [2, 2, 3] */
  readonly vector: Tensor;
  readonly matrix: Tensor;
  readonly batch: Tensor;
  /** [1, 2, 6, 6] and the weight [2, 2, 3, 3] of a convolution. */
  readonly image: Tensor;
  readonly kernel: Tensor;
  readonly labels: Tensor;
}

/** A call: gives one tensor or several. */
type Example = (given: Given) => Tensor | readonly Tensor[];

/** Functions of one tensor. */
const ofOne: readonly ((x: Tensor) => Tensor)[] = [
  ...[engine.abs, engine.neg, engine.sign, engine.exp, engine.exp2, engine.expm1, engine.log1p, engine.sin],
  ...[engine.cos, engine.tan, engine.asin, engine.acos, engine.atan, engine.sinh, engine.cosh, engine.tanh],
  ...[engine.asinh, engine.atanh, engine.sigmoid, engine.floor, engine.ceil, engine.round, engine.trunc],
  ...[engine.frac, engine.erf, engine.erfc, engine.reciprocal, engine.square, engine.isnan, engine.isinf],
  ...[engine.isfinite, engine.nanToNum, engine.logicalNot, engine.relu, engine.elu, engine.celu, engine.selu],
  ...[engine.gelu, engine.silu, engine.mish, engine.softplus, engine.softsign, engine.logsigmoid],
  ...[engine.hardtanh, engine.hardsigmoid, engine.hardswish, engine.hardshrink, engine.softshrink],
  ...[engine.tanhshrink, engine.leakyRelu, engine.relu6, engine.deg2rad, engine.rad2deg, engine.sinc],
  ...[engine.signbit, engine.isposinf, engine.isneginf],
];

/** Functions of one positive tensor. */
const ofPositive: readonly ((x: Tensor) => Tensor)[] = [
  ...[
    engine.log,
    engine.log2,
    engine.log10,
    engine.sqrt,
    engine.rsqrt,
    (x: Tensor) => engine.acosh(x.add(1)),
    (x: Tensor) => engine.logit(x),
  ],
];

/** Functions of two tensors. */
const ofTwo: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [
  ...[engine.add, engine.sub, engine.rsub, engine.mul, engine.div, engine.maximum, engine.minimum],
  ...[engine.eq, engine.ne, engine.lt, engine.le, engine.gt, engine.ge, engine.logicalAnd, engine.logicalOr],
  ...[engine.logicalXor, engine.fmod, engine.atan2, engine.hypot],
  ...[engine.logaddexp, engine.logaddexp2, engine.mseLoss, engine.l1Loss, engine.huberLoss],
  ...[
    engine.smoothL1Loss,
    engine.klDiv,
    engine.cosineSimilarity,
    engine.softMarginLoss,
    engine.fmax,
    engine.fmin,
  ],
  ...[engine.copysign, engine.heaviside],
];

const { index, linalg, Slice } = engine;

/** With numbers and settings. */
const withNumbers: readonly Example[] = [
  ({ x }) => [x.add(2), x.mul(2), x.div(3), engine.rsub(x, 2), x.fmod(0.3), x.remainder(0.3)],
  ({ x, y }) => [
    x.div(y, { roundingMode: 'floor' }),
    x.div(y, { roundingMode: 'trunc' }),
    engine.rmod(x.detach(), 2),
    engine.floorDivide(x.detach(), y.detach()),
  ],
  ({ positive, y }) => [positive.pow(3), positive.pow(y), engine.xlogy(y, positive), engine.xlogy(y, 2)],
  ({ x, y }) => [
    x.clamp(-0.5, 0.5),
    x.clampMin(0),
    x.clampMax(0),
    x.clampMin(y),
    x.clampMax(y),
    x.clamp(y, y.add(1)),
  ],
  ({ x, y, mask }) => [engine.where(mask, x, y), x.maskedFill(mask, 2), x.maskedFill(mask, y.sum())],
  ({ x, y, positive }) => [x.lerp(y, 0.3), x.lerp(y, positive), x.addcmul(x, y), x.addcdiv(x, positive)],
  ({ x, vector }) => [
    engine.round(x, { decimals: 1 }),
    engine.threshold(x, 0.1, 2),
    engine.prelu(x, vector),
    engine.glu(x.repeat([1, 2])),
  ],
  ({ x }) => [
    engine.elu_(x.clone()),
    engine.celu_(x.clone()),
    engine.leakyRelu_(x.clone()),
    engine.threshold_(x.clone(), 0, 1),
  ],
  ({ x, places: at }) => [
    x.copysign(-1),
    ...[engine.bitwiseAnd(at, 1), engine.bitwiseOr(at, 2), engine.bitwiseXor(at, 3), engine.bitwiseNot(at)],
  ],
  ({ x }) => [x.to('int64'), engine.full([2], 3, x), engine.fill(x, 2)],
];

const reductions: readonly Example[] = [
  ({ x }) => [
    x.sum(),
    x.mean(1),
    x.prod(),
    x.prod(1),
    x.var(1),
    x.std(),
    x.logsumexp(1),
    x.norm(),
    x.norm(1),
  ],
  ({ x }) => [
    x.amax(1),
    x.amin(1),
    x.argmax(1),
    x.argmin(1),
    x.max(1).values,
    x.min(1).values,
    x.max(),
    x.min(),
  ],
  ({ x, mask }) => [mask.all(), mask.any(1), x.countNonzero(), x.cumsum(1), x.cumprod(1)],
  ({ x }) => [x.softmax(1), x.logSoftmax(1), engine.normalize(x)],
  ({ x }) => {
    const [most, least] = [x.cummax(1), x.cummin(1)];
    return [most.values, most.indices, least.values, least.indices, x.logcumsumexp(1), x.nansum(1)];
  },
];

const shapes: readonly Example[] = [
  ({ x, y }) => [
    x.view([3, 2]),
    x.permute([1, 0]),
    x.unsqueeze(0).expand([2, 2, 3]),
    engine.cat([x, y], 0),
    engine.stack([x, y]),
  ],
  ({ x }) => [
    x.flip(1),
    x.roll(1, 0),
    x.repeat([2, 1]),
    engine.rot90(x),
    x.tril(),
    x.triu(),
    x.diagonal(),
    x.trace(),
  ],
  ({ vector, x }) => [
    engine.diag(vector),
    engine.diag(x),
    engine.diagEmbed(vector),
    engine.pad(x, [1, 1]),
    engine.pad(x, [1, 1], 'reflect'),
  ],
  ({ x, vector }) => [x.selectScatter(vector, 0, 1), x.unfold(1, 2, 1)],
  ({ image }) => [engine.pixelUnshuffle(image, 2), engine.pixelShuffle(image.repeat([1, 2, 1, 1]), 2)],
];

const places: readonly Example[] = [
  ({ x, places: at, labels }) => [
    x.gather(1, at),
    x.indexSelect(1, labels),
    index(x, [labels]),
    index(x, [0]),
    index(x, [new Slice(0, 1)]),
  ],
  ({ x, y, places: at, labels }) => [
    x.scatter(1, at, y),
    x.scatter(1, at, 2),
    x.scatterAdd(1, at, y),
    x.indexAdd(0, labels, y),
  ],
  ({ x, y, places: at }) => [
    x.detach().scatter(1, at, y.detach(), { reduce: 'multiply' }),
    x.detach().scatter(1, at, 2, { reduce: 'add' }),
  ],
  ({ x, y, places: at, labels }) => [
    x.indexFill(0, labels, 2),
    x.indexFill(0, labels, y.sum()),
    x.indexCopy(0, labels, y),
    x.take(at),
  ],
  ({ x, y, labels }) => [engine.indexPut(x, [labels], y), engine.embedding(labels, x)],
  ({ x, y }) => {
    const changed = x.mul(1);
    changed.select(0, 0).mul_(2);
    changed.slice(1, 0, 2).add_(y.slice(1, 0, 2));
    changed.diagonal().mul_(2);
    return changed;
  },
  ({ x, vector }) => [
    x.sort(1).values,
    x.median(),
    x.median(1).values,
    engine.searchsorted(vector.sort().values, x),
  ],
];

const products: readonly Example[] = [
  ({ x, y, matrix, vector, batch }) => [
    x.mm(matrix),
    x.mv(vector),
    vector.dot(vector),
    batch.bmm(batch.mT()),
    engine.addmm(x.mm(matrix), x, matrix),
    engine.outer(vector, y.sum(0)),
  ],
  ({ x, matrix, vector, batch }) => {
    const [small, square] = [x.mm(matrix), batch.bmm(batch.mT())];
    return [
      engine.addmv(small.sum(0), x, vector),
      engine.addr(small, small.sum(0), small.sum(1)),
      engine.addbmm(small, square, square),
      engine.baddbmm(square, square, square),
    ];
  },
  ({ x, y }) => [
    engine.cdist(x, y),
    engine.cdist(x, y, { computeMode: 'use_mm_for_euclid_dist' }),
    linalg.cross(x, y),
  ],
];

const layers: readonly Example[] = [
  ({ image, kernel }) => [engine.conv2d(image, kernel), engine.convTranspose2d(image, kernel)],
  ({ image }) => [
    engine.maxPool2d(image, 2),
    engine.avgPool2d(image, 2),
    engine.interpolate(image, { scaleFactor: 2 }),
  ],
  ({ image }) => [engine.unfold(image, 2), engine.fold(engine.unfold(image, 2), [6, 6], 2)],
  ({ image, x, labels, kernel }) => [
    engine.batchNorm(image, { training: true }),
    engine.layerNorm(x, [3]),
    engine.groupNorm(image, 2),
    engine.weightFromNorm(kernel, kernel.sum([1, 2, 3], true), 0),
    engine.crossEntropy(x, labels),
    engine.nllLoss(x, labels),
  ],
  ({ positive, y, x }) => [
    engine.binaryCrossEntropy(positive, y.sigmoid()),
    engine.binaryCrossEntropyWithLogits(x, positive),
    engine.gaussianNllLoss(x, y, positive),
    engine.cosineEmbeddingLoss(x, y, y.sum(1).detach().sign()),
  ],
];

/** What the others do not lead to. */
const rest: readonly Example[] = [
  ({ x, y }) => [
    x.detach().remainder(y.detach()),
    x.div(y, { roundingMode: null }),
    x.clamp(y),
    x.clamp(undefined, y),
  ],
  ({ x, y, labels }) => [
    x.mul(1).copy_(y),
    index(x, [labels, labels]),
    ...engine.scaledDotProductAttention(x, y, x),
  ],
  ({ image }) => {
    const { values, indices } = engine.maxPool2d(image, 2, 2, 0, { returnIndices: true });
    return [indices, engine.maxUnpool2d(values, indices, 2)];
  },
  ({ x, y }) => engine.crossEntropy(x, y.softmax(1)),
];

/** Operations whose shape depends on values, which are asked for at once: only the CPU answers at once. */
export const valueShaped: Readonly<Record<string, Example>> = {
  masked_select: ({ x, mask }) => engine.maskedSelect(x, mask),
  unique: ({ x }) => engine.unique(x),
};

/** Every example. */
export const examples: readonly Example[] = [
  ...ofOne.map(
    (f): Example =>
      ({ x }) =>
        f(x),
  ),
  ...ofPositive.map(
    (f): Example =>
      ({ positive }) =>
        f(positive),
  ),
  ...ofTwo.map(
    (f): Example =>
      ({ x, y }) =>
        f(x, y),
  ),
  ...[...withNumbers, ...reductions, ...shapes, ...places, ...products, ...layers, ...rest],
];

/** What the examples are made with, on a device. */
export function givenOn(device: Device): Given {
  const numbers = (...shape: number[]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length: count }, (_, i) => (((i * 7) % 19) - 9) / 10 + 0.05);
    return engine.fromArray(data, shape, { device, requiresGrad: true });
  };
  const whole = (...shape: number[]) =>
    engine
      .tensor(
        [0, 1, 1, 0, 1, 0].slice(
          0,
          shape.reduce((a, b) => a * b, 1),
        ),
        { dtype: 'int64', device },
      )
      .view(shape);
  const x = numbers(2, 3);
  return {
    ...{ device, x, y: numbers(2, 3), mask: whole(2, 3).to('bool'), places: whole(2, 3), labels: whole(2) },
    positive: engine.fromArray(Float32Array.of(0.1, 0.3, 0.5, 0.7, 0.2, 0.9), [2, 3], {
      device,
      requiresGrad: true,
    }),
    ...{
      vector: numbers(3),
      matrix: numbers(3, 2),
      batch: numbers(2, 2, 3),
      image: numbers(1, 2, 6, 6),
      kernel: numbers(2, 2, 3, 3),
    },
  };
}

/** What an example gives, and the gradients of it. */
export function resultsOf(example: Example, given: Given): Tensor[] {
  const made = example(given);
  const outputs = 'expr' in made ? [made] : [...made];
  const roots = outputs.filter(output => output.requiresGrad);
  if (roots.length === 0) return outputs;
  const { x, y, positive, vector, matrix, batch, image, kernel } = given;
  const inputs = [x, y, positive, vector, matrix, batch, image, kernel];
  const gradients = engine.grad(roots, inputs, { gradOutputs: roots.map(root => engine.onesLike(root)) });
  return [...outputs, ...gradients.filter(gradient => gradient !== undefined)];
}
