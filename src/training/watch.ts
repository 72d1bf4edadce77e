/** Watching the numbers of steps for what breakpoints ask about. */
import type { Breakpoints } from '../protocol/breakpoints';
import type { Looked, StepResults } from './training-step';

/** No training comes back from a cross-entropy like this, which is 2.3 for ten classes at the start. */
const explodedLoss = 1e6;

/** A step that hits a breakpoint, or that no training comes back from. */
export interface Hit {
  /** Which of the steps. */
  readonly index: number;
  /** Such as `the loss became NaN`. */
  readonly reason: string;
  /** Whether it goes beyond a bound that somebody has set. */
  readonly bound: boolean;
  /** How far from zero values may be that are not what went wrong; undefined where only those that are not finite are. */
  readonly limit?: number;
}

/** Four digits; of what is far out, its size and not its zeros: `1.235e+13`. */
const text = (value: number) =>
  Math.abs(value) < 1e6 || !Number.isFinite(value)
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(3);

/** Which bound a step goes beyond. */
function boundAt(results: StepResults, index: number, breakpoints: Breakpoints): string | undefined {
  const loss = results.losses[index] ?? 0;
  const norm = results.gradientNorms[index] ?? 0;
  const largest = results.largestValues[index] ?? 0;
  const { lossAbove, gradientNormAbove, valueAbove } = breakpoints;
  if (lossAbove !== null && loss > lossAbove) return `the loss is ${text(loss)}, above ${lossAbove}`;
  if (gradientNormAbove !== null && !(norm <= gradientNormAbove))
    return `the norm of the gradient is ${text(norm)}, above ${gradientNormAbove}`;
  if (valueAbove !== null && !(largest <= valueAbove))
    return `a value is ${text(largest)} away from zero, more than ${valueAbove}`;
  return undefined;
}

/** The first step that something is wrong with. */
export function firstHit(results: StepResults, breakpoints: Breakpoints): Hit | undefined {
  for (let index = 0; index < results.losses.length; index++) {
    const loss = results.losses[index] ?? 0;
    if (!(loss < explodedLoss)) {
      const hit = { index, reason: `the loss became ${text(loss)}`, bound: false };
      return Number.isFinite(loss) ? { ...hit, limit: explodedLoss } : hit;
    }
    const reason = boundAt(results, index, breakpoints);
    if (reason !== undefined) return { index, reason, bound: true };
  }
  return undefined;
}

/** What has to be looked at in every step for these breakpoints; undefined for nothing. */
export function watchFor({ gradientNormAbove, valueAbove }: Breakpoints): Looked | undefined {
  if (valueAbove !== null) return 'values';
  return gradientNormAbove === null ? undefined : 'gradients';
}
