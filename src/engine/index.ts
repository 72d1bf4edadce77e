/** The engine: PyTorch's tensors and automatic differentiation in TypeScript. */
export { grad } from './autograd/backward';
export { enableGrad, isGradEnabled, noGrad } from './autograd/grad-mode';
export { AccumulateGrad, type Edge, GradNode } from './autograd/node';
export { readGraph } from './autograd/read-graph';
export { type Device, devices } from './device';
export { type DType, dtypes, type TypedArray } from './dtype';
export { EngineError, IndexError } from './errors';
export type { NestedList } from './ndarray';
export * as nn from './nn';
export * from './ops';
export * as optim from './optim';
export { defaultGenerator, Generator, type GeneratorState, manualSeed } from './random/generator';
export { CompiledStep } from './runtime/compiled-step';
export { compute } from './runtime/numbers';
export { DeviceUnavailableError, runtimeOptions, runtimeVersion } from './runtime/onnx/session';
export { hostInput, perStep } from './runtime/trace';
export type { Shape } from './shape';
export { Tensor } from './tensor';
