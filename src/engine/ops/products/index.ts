/** Products of matrices, and what is made of them. */
export * from './add-products';
export * from './cdist';
export { cross } from './cross';
export { einsum } from './einsum';
export { addmm, bmm, dot, matmul, mm, mv } from './matmul';
export * from './products';
