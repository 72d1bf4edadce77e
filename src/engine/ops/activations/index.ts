/** Activation functions; `sigmoid` and `tanh` stand among the functions of one element in `pointwise/`. */
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
} from './hard';
export * from './in-place';
export * from './relu';
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
} from './smooth';
export { logSoftmax, softmax } from './softmax';
