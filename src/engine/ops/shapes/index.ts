/** The same elements in another shape or order: views, parts, joins, borders, diagonals. */
export * from './arranging';
export * from './combining';
export { diag, diagEmbed, diagflat, diagonal, trace } from './diagonals';

import './in-place-views';

export * from './join';
export * from './pad';
export { pixelShuffle, pixelUnshuffle } from './pixel-shuffle';
export * from './repeat-interleave';
export * from './rotation';
export * from './scatter-views';
export { narrow, select, slice } from './slicing';
export { tensorUnfold } from './sliding';
export * from './splitting';
export * from './stacking';
export * from './triangles';
export {
  expandTo,
  flatten,
  permute,
  reshape,
  squeeze,
  t,
  transpose,
  unsqueeze,
  view,
} from './views';
