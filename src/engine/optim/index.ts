/** Optimizers, named as in `torch.optim`. */
export * from './adam';
export * from './optimizer';
export * from './sgd';
