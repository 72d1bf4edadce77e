/**
 * Whether a model is as often right as it is sure: a reliability diagram and its figures (Guo, Pleiss, Sun and
 * Weinberger, 2017). A model whose 80 % mean 80 % has an expected calibration error of 0.
 */
import type { Calibration, CalibrationBin } from '../../protocol/evaluation';

/** Into how many bins of equal width confidence is cut, as it is usual. */
const binCount = 15;

interface Sums {
  count: number;
  confidence: number;
  correct: number;
}

/**
 * Sorts samples by confidence into bins, each of which is (from, to], and compares.
 * @param confidence the probability that was given to the class that a sample was taken for
 * @param correct whether it is of that class
 */
export function calibrationOf(
  confidence: ArrayLike<number>,
  correct: (index: number) => boolean,
  bins = binCount,
): Calibration {
  const sums: Sums[] = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (let i = 0; i < confidence.length; i++) {
    const sure = Math.min(1, Math.max(0, confidence[i] ?? 0));
    const bin = sums[Math.max(0, Math.ceil(sure * bins) - 1)];
    if (bin === undefined) continue;
    bin.count++;
    bin.confidence += sure;
    if (correct(i)) bin.correct++;
  }
  const found = sums.map(({ count, ...sum }, i): CalibrationBin => {
    const mean = (value: number) => (count === 0 ? null : Math.min(1, value / count));
    return {
      from: i / bins,
      to: (i + 1) / bins,
      count,
      confidence: mean(sum.confidence),
      accuracy: mean(sum.correct),
    };
  });
  const distances = found.map(bin => Math.abs((bin.confidence ?? 0) - (bin.accuracy ?? 0)));
  const weighted = found.reduce((sum, { count }, i) => sum + count * (distances[i] ?? 0), 0);
  return {
    bins: found,
    expectedError: confidence.length === 0 ? 0 : weighted / confidence.length,
    maximumError: Math.max(0, ...distances),
  };
}
