/** Layers and losses, named as in `torch.nn`. */
export * from './activations';
export * from './dropout';
export * from './linear';
export * from './losses';
export * from './module';
export * from './normalization';
export * from './parameter';
export * from './sequential';
