/**
 * Gradients against numbers: every operation is differentiated by central differences on the reference
 * interpreter in float64, at random shapes that broadcast. PyTorch's word is not needed here, so these
 * cases reach shapes that nobody wrote down.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as engine from '../../src/engine';
import { compute, operations, randint, tensor } from '../../src/engine';
import { keptOperations } from '../accept/kept-samples';
import { attempt } from '../accept/sample';
import { operationsIn } from './golden';
import { imageSubjects } from './slopes/images';
import { linearAlgebra } from './slopes/linear-algebra';
import { picking } from './slopes/picking';
import {
  along,
  binary,
  check,
  draw,
  generator,
  labels,
  numbersOf,
  pair,
  products,
  type Subject,
  shape,
  sizes,
  target,
  unary,
} from './slopes/support';

/** For each operation that has a gradient, how to make functions that use it. */
const subjects: Record<string, fc.Arbitrary<Subject>> = {
  ...picking,
  ...linearAlgebra,
  ...imageSubjects,
  add: binary((a, b) => a.add(b, 1.5)),
  sub: binary((a, b) => a.sub(b, 0.5)),
  rsub: unary(x => x.rsub(3, 2)),
  rsub_tensor: binary((a, b) => a.rsub(b, 2)),
  mul: binary((a, b) => a.mul(b)),
  div: binary((a, b) => a.div(b), ['any', 'positive']),
  maximum: binary((a, b) => a.maximum(b), ['apart', 'unit']),
  minimum: binary((a, b) => a.minimum(b), ['apart', 'unit']),
  copysign_number: unary(x => x.copysign(-2), 'apart'),
  index_fill_tensor: binary((a, b) =>
    a
      .mul(2)
      .unsqueeze(0)
      .indexFill(0, tensor([0]), b.sum())
      .add(a),
  ),
  pow: fc
    .constantFrom(3, 2, 1, 0, -1, 0.5, -0.5, 2.5)
    .chain(exponent => unary(x => x.pow(exponent), 'positive')),
  pow_tensor: binary((a, b) => a.pow(b), ['positive', 'any']),
  neg: unary(x => x.neg()),
  abs: unary(x => x.abs(), 'apart'),
  sign: unary(x => x.sign().mul(x), 'apart'),
  exp: unary(x => x.exp()),
  log: unary(x => x.log(), 'positive'),
  log1p: unary(x => x.log1p(), 'positive'),
  sqrt: unary(x => x.sqrt(), 'positive'),
  rsqrt: unary(x => x.rsqrt(), 'positive'),
  reciprocal: unary(x => x.reciprocal(), 'positive'),
  sin: unary(x => x.sin()),
  cos: unary(x => x.cos()),
  tanh: unary(x => x.tanh()),
  sigmoid: unary(x => x.sigmoid()),
  floor: unary(x => x.floor().mul(x), 'unit'),
  ceil: unary(x => x.ceil().mul(x), 'unit'),
  round: unary(x => x.mul(0.4).round().add(x), 'unit'),
  round_decimals: unary(x => x.mul(0.04).round({ decimals: 1 }).add(x), 'unit'),
  relu: unary(x => x.relu(), 'apart'),
  threshold_backward: unary(x => x.relu().mul(x), 'apart'),
  clamp: unary(x => x.clamp(-0.3, 0.4), 'apart'),
  trunc: unary(x => x.trunc().mul(x), 'unit'),
  frac: unary(x => x.frac().mul(x), 'unit'),
  tan: unary(x => x.tan(), 'unit'),
  asin: unary(x => x.asin(), 'unit'),
  acos: unary(x => x.acos(), 'unit'),
  atan: unary(x => x.atan()),
  sinh: unary(x => x.sinh()),
  cosh: unary(x => x.cosh()),
  asinh: unary(x => x.asinh()),
  acosh: unary(x => x.add(1).acosh(), 'positive'),
  atanh: unary(x => x.atanh(), 'unit'),
  erf: unary(x => x.erf()),
  erfc: unary(x => x.erfc()),
  exp2: unary(x => x.exp2()),
  expm1: unary(x => x.expm1()),
  log2: unary(x => x.log2(), 'positive'),
  log10: unary(x => x.log10(), 'positive'),
  nan_to_num: unary(x => x.nanToNum().mul(x)),
  atan2: binary((a, b) => a.atan2(b), ['positive', 'positive']),
  hypot: binary((a, b) => a.hypot(b), ['positive', 'positive']),
  logaddexp: binary((a, b) => a.logaddexp(b)),
  logaddexp2: binary((a, b) => a.logaddexp2(b)),
  xlogy: binary((a, b) => a.xlogy(b), ['any', 'positive']),
  xlogy_other_number: unary(x => x.xlogy(2).mul(x)),
  fmod: binary((a, b) => a.fmod(b.add(5)), ['unit', 'positive']),
  fmod_number: unary(x => x.fmod(4).mul(x)),
  remainder: binary((a, b) => a.remainder(b.add(5)), ['unit', 'positive']),
  remainder_number: unary(x => x.remainder(4).mul(x), 'unit'),
  div_floor: binary((a, b) => a.div(b.add(2), { roundingMode: 'floor' }).mul(a), ['unit', 'positive']),
  div_trunc: binary((a, b) => a.div(b.add(2), { roundingMode: 'trunc' }).mul(a), ['unit', 'positive']),
  div_unrounded: binary((a, b) => a.div(b, { roundingMode: null }), ['any', 'positive']),
  // PyTorch has no derivative here either.
  floor_divide: unary(x => x.detach().floorDivide(2).add(x), 'unit'),
  lerp: binary((a, b) => a.lerp(b, a.mul(b))),
  lerp_number: binary((a, b) => a.lerp(b, 0.3)),
  addcmul: binary((a, b) => a.addcmul(a, b, { value: 0.5 })),
  addcdiv: binary((a, b) => a.addcdiv(a, b, { value: 0.5 }), ['any', 'positive']),
  clamp_min: unary(x => x.clampMin(-0.3), 'apart'),
  clamp_max: unary(x => x.clampMax(0.4), 'apart'),
  clamp_min_tensor: binary((a, b) => a.clampMin(b), ['apart', 'unit']),
  clamp_max_tensor: binary((a, b) => a.clampMax(b), ['apart', 'unit']),
  clamp_low: binary((a, b) => a.clamp(b), ['apart', 'unit']),
  clamp_high: binary((a, b) => a.clamp(null, b), ['apart', 'unit']),
  clamp_tensors: binary((a, b) => a.clamp(b.mul(-1), b), ['apart', 'unit']),
  elu: unary(x => engine.elu(x, 0.5).add(engine.selu(x)), 'apart'),
  celu: unary(x => engine.celu(x, 0.5), 'apart'),
  gelu: unary(x => engine.gelu(x).add(engine.gelu(x, { approximate: 'tanh' }))),
  silu: unary(x => engine.silu(x)),
  mish: unary(x => engine.mish(x)),
  softplus: unary(x => engine.softplus(x, 2)),
  logsigmoid: unary(x => engine.logsigmoid(x)),
  softshrink: unary(x => engine.softshrink(x, 0.2).mul(x), 'apart'),
  hardshrink: unary(x => x.hardshrink(0.2).mul(x), 'apart'),
  hardtanh: unary(x => engine.hardtanh(x, -0.3, 0.4), 'apart'),
  hardsigmoid: unary(x => engine.hardsigmoid(x), 'unit'),
  hardswish: unary(x => engine.hardswish(x), 'unit'),
  leaky_relu: unary(x => engine.leakyRelu(x, 0.1), 'apart'),
  threshold: unary(x => engine.threshold(x, 0.02, 3).mul(x), 'apart'),
  prelu: sizes.map(
    ([n, c, l]): Subject => ({
      shapes: [[n, c, l], [c]],
      ranges: ['apart'],
      f: (x, weight) => (x && weight ? x.prelu(weight) : engine.zeros([])),
    }),
  ),
  glu: along((x, dim) => engine.glu(engine.cat([x, x.mul(2)], dim), dim)),
  flip: along((x, dim) => x.flip(dim)),
  roll: along((x, dim) => x.roll(1, dim).add(x.roll(2))),
  rot90: sizes.map(([n, m]): Subject => ({ shapes: [[n, m]], f: x => x.rot90(1).add(x.rot90(3)) })),
  repeat: along(x => x.repeat(2, ...x.shape.map(() => 2))),
  diagonal: sizes.map(([n, m]): Subject => ({ shapes: [[n, m]], f: x => x.diagonal(n > 1 ? -1 : 0) })),
  diagonal_scatter: sizes.map(
    ([n, m]): Subject => ({
      shapes: [[n, m]],
      f: x => {
        const whole = x.mul(2);
        whole.diagonal().mul_(x.diagonal());
        return whole;
      },
    }),
  ),
  diag_embed: along(x => x.diagEmbed(1)),
  diag: sizes.map(([n, m]): Subject => ({ shapes: [[n, m]], f: x => x.diag(1).sum().add(x.diag()) })),
  tril: sizes.map(([n, m]): Subject => ({ shapes: [[n, m]], f: x => x.tril() })),
  triu: sizes.map(([n, m]): Subject => ({ shapes: [[n, m]], f: x => x.triu(1) })),
  trace: sizes.map(([n, m]): Subject => ({ shapes: [[n, m]], f: x => x.trace() })),
  prod: along((x, dim) => x.prod(dim).add(x.prod()), 'apart'),
  logsumexp: along((x, dim) => x.logsumexp(dim)),
  cumsum: along((x, dim) => x.cumsum(dim)),
  cumprod: along((x, dim) => x.cumprod(dim)),
  where: binary((a, b) => engine.where(b.gt(1), a, b), ['any', 'positive']),
  masked_fill: unary(x => x.maskedFill(x.gt(0.2).detach(), 3).mul(x), 'apart'),
  clone: unary(x => x.clone().mul(x)),
  copy: pair.map(
    ([full, part]): Subject => ({
      shapes: [full, part],
      f: (a, b) =>
        a && b && a.ndim >= b.ndim && a.numel() >= b.numel() ? a.mul(1).copy_(b) : (a ?? b).mul(2),
    }),
  ),
  fill: unary(x => x.mul(2).fill_(3).add(x)),
  to: unary(x => x.to('float64').mul(x)),
  reshape: shape.map((one): Subject => ({ shapes: [one], f: x => x.reshape([-1, 1]) })),
  permute: shape.map(
    (one): Subject => ({ shapes: [one], f: x => x.permute(...one.map((_, i) => one.length - 1 - i)) }),
  ),
  expand: pair.map(
    ([full, part]): Subject => ({
      shapes: [full.length >= part.length ? part : full],
      f: x => x.expand(2, ...x.shape),
    }),
  ),
  slice: along((x, dim) => x.slice(dim, 0, null, 2)),
  slice_scatter: along((x, dim) => {
    const whole = x.mul(2);
    whole.slice(dim, 0, 1).mul_(x.slice(dim, -1));
    return whole;
  }),
  select: along((x, dim) => x.select(dim, -1)),
  cat: along((x, dim) => engine.cat([x, x.mul(2), x], dim)),
  stack: along((x, dim) => engine.stack([x, x.exp()], dim)),
  gather: along((x, dim) => x.gather(dim, x.detach().long().mul(0))),
  scatter_add: along((x, dim) => x.scatterAdd(dim, x.detach().long().mul(0), x.mul(x))),
  index: sizes.map(([n, m, k]) => {
    const [rows, columns] = [randint(-n, n, [2, 1], { generator }), randint(0, k, [3], { generator })];
    return { shapes: [[n, m, k]], f: x => x.index([rows, ':', columns]) };
  }),
  index_select: along((x, dim) => x.indexSelect(dim, engine.tensor([0, 0, 0]))),
  sum: along((x, dim) => x.sum(dim).mul(x.sum())),
  mean: along((x, dim) => x.mean(dim, true).mul(x.mean())),
  var: along((x, dim) => x.var(dim, 0).add(x.var(undefined, 0))),
  std: sizes.map(
    ([n, c]): Subject => ({
      shapes: [[n + 1, c]],
      ranges: ['apart'],
      f: x => (x === undefined ? engine.zeros([]) : x.std(0).add(x.std(undefined, 0))),
    }),
  ),
  amax: along((x, dim) => x.amax(dim).add(x.max()), 'apart'),
  amin: along((x, dim) => x.amin(dim, true).add(x.min()), 'apart'),
  max_dim: along((x, dim) => x.max(dim).values, 'apart'),
  min_dim: along((x, dim) => x.min(dim, true).values, 'apart'),
  softmax: along((x, dim) => x.softmax(dim)),
  log_softmax: along((x, dim) => x.logSoftmax(dim)),
  log_softmax_backward: along((x, dim) => x.logSoftmax(dim).exp()),
  mm: products(
    (a, b) => a.mm(b),
    ([n = 1, k = 1, m = 1]) => [
      [n, k],
      [k, m],
    ],
  ),
  bmm: products(
    (a, b) => a.bmm(b),
    ([n = 1, k = 1, m = 1, s = 1]) => [
      [s, n, k],
      [s, k, m],
    ],
  ),
  mv: products(
    (a, b) => a.mv(b),
    ([n = 1, k = 1]) => [[n, k], [k]],
  ),
  dot: products(
    (a, b) => a.dot(b),
    ([n = 1]) => [[n], [n]],
  ),
  addmm: sizes.map(
    ([n, k, m]): Subject => ({
      shapes: [[m], [n, k], [k, m]],
      f: (c, a, b) => (a && b && c ? c.addmm(a, b, { alpha: 2, beta: 0.5 }) : engine.zeros([])),
    }),
  ),
  mse_loss: shape.map(
    (one): Subject => ({ shapes: [one, one], f: (a, b) => engine.mseLoss(a ?? b, b ?? a) }),
  ),
  binary_cross_entropy: shape.map(one => {
    const y = target(one);
    return { shapes: [one], ranges: ['unit'], f: x => engine.binaryCrossEntropy(x, y) };
  }),
  binary_cross_entropy_with_logits: shape.map(one => {
    const y = target(one);
    return { shapes: [one], f: x => engine.binaryCrossEntropyWithLogits(x, y, { reduction: 'sum' }) };
  }),
  divide_by: sizes.map(([n, classes]) => ({
    shapes: [
      [n, classes],
      [n, classes],
    ],
    f: (x, p) => engine.crossEntropy(x ?? p, p ?? x),
  })),
  nll_loss: sizes.map(([n, classes]) => {
    const y = labels(n, classes);
    return { shapes: [[n, classes]], f: x => engine.nllLoss(x.mul(x), y) };
  }),
  nll_loss_backward: sizes.map(([n, classes]) => {
    const y = labels(n, classes);
    const weight = engine.fromArray(
      Float64Array.from({ length: classes }, (_, i) => i + 1),
      [classes],
    );
    return { shapes: [[n, classes]], f: x => engine.crossEntropy(x, y, { weight, labelSmoothing: 0.1 }) };
  }),
  native_batch_norm: sizes.map(
    ([n, c, l]): Subject => ({
      shapes: [[n + 1, c, l], [c], [c]],
      ranges: ['apart'],
      f: (x, weight, bias) => engine.batchNorm(x ?? engine.zeros([]), { weight, bias, training: true }),
    }),
  ),
  native_layer_norm: sizes.map(
    ([n, c]): Subject => ({
      shapes: [[n, c + 1], [c + 1], [c + 1]],
      ranges: ['apart'],
      f: (x, weight, bias) => engine.layerNorm(x ?? engine.zeros([]), [c + 1], { weight, bias }),
    }),
  ),
};

/** Where second derivatives are compared too. */
const twice = new Set(
  (
    'tan asin acos atan sinh cosh asinh acosh atanh erf erfc exp2 expm1 log2 log10 atan2 hypot logaddexp xlogy ' +
    'lerp addcmul addcdiv gelu silu mish softplus logsigmoid glu ' +
    'add sub mul div pow pow_tensor exp log log1p sqrt rsqrt reciprocal sin cos tanh sigmoid relu clone reshape ' +
    'expand slice slice_scatter select cat stack gather scatter_add index index_select sum mean var softmax log_softmax ' +
    'mm bmm mv dot addmm mse_loss binary_cross_entropy_with_logits nll_loss nll_loss_backward native_batch_norm ' +
    'native_layer_norm convolution convolution_weight_backward max_pool max_pool_backward native_group_norm weight_norm resample'
  ).split(' '),
);

// First, while nothing else waits to be computed: `compute` takes along what was changed in place before.
it('the interpreter computes what the executor computes', async () => {
  const x = draw([2, 3], 'any');
  const y = x.exp().sum();
  const here = numbersOf(y.expr)[0];
  await compute(y);
  expect(await y.item()).toBeCloseTo(here ?? Number.NaN, 12);
});

describe('gradients are slopes', () => {
  for (const [name, arbitrary] of Object.entries(subjects)) {
    it(name, () => {
      generator.manualSeed(1);
      fc.assert(
        fc.property(arbitrary, subject => check(subject, twice.has(name))),
        { numRuns: twice.has(name) ? 6 : 12, seed: 1 },
      );
    });
  }

  it('of every operation that has a gradient', () => {
    const differentiable = [...operations().values()]
      .filter(op => op.gradient !== undefined)
      .map(op => op.name);
    // Those that PyTorch's own samples lead to have PyTorch's gradients: ops.test.ts and torch-samples.test.ts compare them.
    const compared = new Set<string>();
    for (const sample of [...keptOperations().values()].flat()) {
      if (!sample.grads.some(grad => grad !== null)) continue;
      for (const name of operationsIn(attempt(sample).outputs)) compared.add(name);
    }
    const known = (name: string) => name in subjects || compared.has(name) || name === 'to_device';
    expect(differentiable.filter(name => !known(name))).toEqual([]);
  });
});
