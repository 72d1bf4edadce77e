/** Pools, and images of another size. */
export { type InterpolateOptions, interpolate } from './interpolation';
export {
  type AvgPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  type PooledAndIndices,
} from './pooling';
export { maxUnpool1d, maxUnpool2d } from './unpooling';
