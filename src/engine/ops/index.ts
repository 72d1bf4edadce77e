/**
 * The vocabulary of operations, a folder for each family; loading this file puts the methods on `Tensor`. An operation's
 * shape rule, gradient, lowering and reference kernel stand side by side in one call of `defineOp` (`op.ts`); `apply.ts`
 * records what it is applied to, `kernels.ts` has what kernels are made of. `linalg/` is `torch.linalg`, exported by itself.
 */

export * from './activations';
export type { TensorLike } from './apply';
export * from './convolution';
export * from './creation';
export * from './indexing';
export * from './layers';
export * from './losses';
export { operations } from './op';
export * from './pointwise';
export * from './pooling';
export * from './products';
export * from './reductions';
export * from './shapes';
export { type Signature, signatures } from './signatures';
export * from './sorting';
