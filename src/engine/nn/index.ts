/** Layers and losses, named as in `torch.nn`. */

export * from './containers/containers';
export * from './containers/sequential';
export * as init from './init';
export * from './layers/activation-modules';
export * from './layers/activations';
export * from './layers/batch-normalization';
export * from './layers/bilinear';
export * from './layers/convolution';
export * from './layers/dropout';
export * from './layers/embedding';
export * from './layers/linear';
export * from './layers/normalization';
export * from './layers/pooling';
export * from './layers/reshaping';
export * from './losses';
export * from './module/any-module';
export type { BackwardHook, BackwardPreHook, ModuleGradients } from './module/backward-hooks';
export * from './module/module';
export * from './module/parameter';
export * from './sequences/attention';
export * from './sequences/recurrent';
export * from './sequences/recurrent-cells';
export * from './sequences/transformer';
export * from './sequences/transformer-stacks';
export * from './utils/clip-gradients';
export * from './utils/weight-norm';
