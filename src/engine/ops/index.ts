/** The vocabulary of operations; loading this file puts the methods on `Tensor`. */
export * from './activation';
export * from './add-products';
export * from './aminmax';
export type { TensorLike } from './apply';
export { add, maximum, minimum, mul, pow, rsub, sub } from './arithmetic';
export * from './arranging';
export { type DotProductAttentionOptions, scaledDotProductAttention } from './attention';
export * from './binary-cross-entropy';
export * from './blending';
export * from './cdist';
export * from './clamp';
export * from './comparison';
export { type ConvolutionPadding, conv1d, conv2d, convTranspose1d, convTranspose2d } from './convolution';
export * from './counting';
export {
  arange,
  eye,
  fromArray,
  full,
  fullLike,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './creation';
export { cross } from './cross';
export * from './diagonals';
export {
  divide,
  divide as div,
  floorDivide,
  fmod,
  type Rounding,
  remainder,
  trueDivide,
} from './division';
export { dropout, dropout2d } from './dropout';
export { einsum } from './einsum';
export * from './embedding';
export { erf, erfc } from './error-function';
export * from './exponential';
export { amax, amin, argmax, argmin, max, min, type ValuesAndIndices } from './extremes';
export * from './fill';
export * from './finiteness';
export { gather, indexSelect } from './gather';
export { type ChannelOptions, groupNorm, type InstanceNormOptions, instanceNorm } from './group-norm';
export {
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  prelu,
  relu6,
  softshrink,
  threshold,
} from './hard-activations';
export * from './hyperbolic';
export * from './in-place-activations';
export { type InterpolateOptions, interpolate } from './interpolation';
export * from './join';
export * from './linspace';
export { l1Loss, mseLoss, type PairOptions, type Reduction } from './loss';
export { addmm, bmm, dot, matmul, mm, mv } from './matmul';
export * from './multinomial';
export * from './norm';
export * from './one-hot';
export * from './pad';
export { pixelShuffle, pixelUnshuffle } from './pixel-shuffle';
export * from './reflected';
export * from './robust-losses';
export * from './scatter';
export * from './unfold';

import './new-like';

export { type Index, index, indexPut, indexPut_, Slice } from './indexing';
export * from './median';
export { crossEntropy, type NllOptions, nllLoss } from './nll-loss';
export { argwhere, maskedSelect, nonzero } from './nonzero';
export * from './normalization';
export { operations } from './op';
export {
  type AvgPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  type PooledAndIndices,
} from './pooling';
export * from './products';
export * from './quantile';
export { mean, sum } from './reduce';
export * from './repeat-interleave';
export * from './rotation';
export * from './scans';
export { bucketize, searchsorted } from './searchsorted';
export { maskedFill, where } from './selection';
export {
  expandTo,
  flatten,
  permute,
  reshape,
  squeeze,
  t,
  transpose,
  unsqueeze,
  view,
} from './shape-ops';
export { narrow, select, slice } from './slicing';
export {
  celu,
  elu,
  gelu,
  glu,
  logsigmoid,
  mish,
  selu,
  silu,
  softmin,
  softplus,
  softsign,
  tanhshrink,
} from './smooth-activations';
export { logSoftmax, softmax } from './softmax';
export { argsort, msort, sort, topk } from './sorting';
export * from './splitting';
export * from './stacking';
export { clone, to } from './to';
export * from './triangles';
export * from './trigonometry';
export * from './unary';
export * from './unique';
export { std, stdMean, variance, varMean } from './variance';
export { weightFromNorm } from './weight-norm';
