/** What layers compute that have no family of their own: normalisation, dropout, embedding, attention. */
export { type DotProductAttentionOptions, scaledDotProductAttention } from './attention';
export { dropout, dropout_, dropout2d, dropout2d_ } from './dropout';
export * from './embedding';
export { type ChannelOptions, groupNorm, type InstanceNormOptions, instanceNorm } from './group-norm';
export * from './normalization';
export { weightFromNorm } from './weight-norm';
