/** What layers compute that have no family of their own: normalisation, dropout, embedding, attention. */
export { type DotProductAttentionOptions, scaledDotProductAttention } from './attention';
export { dropout, dropout2d } from './dropout';
export * from './embedding';
export { type ChannelOptions, groupNorm, type InstanceNormOptions, instanceNorm } from './group-norm';
export * from './normalization';
export { weightFromNorm } from './weight-norm';
