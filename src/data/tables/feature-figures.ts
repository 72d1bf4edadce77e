/** The figures of one feature by which its values are put in the order of one. */

/** Of one feature of some rows. */
export interface FeatureFigures {
  readonly mean: number;
  /** The standard deviation of the population; 1 for a feature that is always the same. */
  readonly std: number;
  /** Rows that have no value (NaN), which count for neither. */
  readonly missing: number;
}

/** The figures of a feature. @param numbers rows of `width` values each, of which the feature's are at `feature` */
export function figuresOf(
  numbers: ArrayLike<number>,
  rows: number,
  feature: number,
  width: number,
): FeatureFigures {
  const valueAt = (row: number) => numbers[row * width + feature] ?? Number.NaN;
  let [n, sum] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const value = valueAt(row);
    if (Number.isNaN(value)) continue;
    n++;
    sum += value;
  }
  const mean = n === 0 ? 0 : sum / n;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const value = valueAt(row);
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  const std = Math.sqrt(squares / Math.max(1, n));
  return { mean, std: std > 0 ? std : 1, missing: rows - n };
}
