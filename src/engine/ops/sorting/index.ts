/** Elements in order, and what is found by it: medians, quantiles, places, distinct values. */
export * from './median';
export * from './quantile';
export { bucketize, searchsorted } from './searchsorted';
export { argsort, msort, sort, topk } from './sorting';
export * from './unique';
