/** Elements picked, overwritten and added to at places that numbers or masks name. */
export { gather, indexSelect } from './gather';
export * from './index-fill';
export { type Index, index, indexPut, indexPut_, Slice } from './indexing';
export { argwhere, maskedSelect, nonzero } from './nonzero';
export * from './scatter';
