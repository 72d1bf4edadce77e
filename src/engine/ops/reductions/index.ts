/** Many elements made one, over all or some dimensions: sums, extremes, spread, norms; and running sums. */
export * from './aminmax';
export * from './counting';
export * from './covariance';
export { amax, amin, argmax, argmin, max, min, type ValuesAndIndices } from './extremes';
export * from './histograms';
export * from './norm';
export * from './past-nan';
export * from './running-extremes';
export * from './scans';
export { mean, sum } from './sum';
export * from './trapezoid';
export { std, stdMean, variance, varMean } from './variance';
