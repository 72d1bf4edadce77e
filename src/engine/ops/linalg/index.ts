/**
 * Linear algebra, named as in `torch.linalg`. Decompositions run on the host, in 64-bit floating point and between
 * runs, so they cannot be part of a compiled step; the norms of elements are ordinary operations.
 */
export { linalgCross as cross } from '../products/cross';
export { type EighFactors, eigh, eigvals } from './eigen';
export { det, inv, solve } from './inverse';
export { cond, type MatrixOrder, matrixNorm, type NormOptions, norm, vectorNorm } from './norms';
export { matrixRank, pinv, type RankTolerances, type Tolerances } from './pinv';
export { type QrFactors, type QrMode, qr } from './qr';
export { type SvdFactors, svd, svdvals } from './svd';
