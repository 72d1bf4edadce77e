/**
 * The engine as far as shapes go: tensors, operations and layers, without what computes. Whoever imports this and not
 * the engine's index loads no ONNX Runtime.
 */
export { enableGrad, noGrad } from './autograd/grad-mode';
export { type Device, devices } from './device';
export { type DType, dtypes } from './dtype';
export { EngineError } from './errors';
export { Expr } from './expr';
export * as nn from './nn';
export * as ops from './ops';
export * as linalg from './ops/linalg';
export type { Signature } from './ops/signatures';
export { trace } from './runtime/trace';
export type { Shape } from './shape';
export { Tensor, takePending, withPendingOf } from './tensor';
