/** A line of a chart: its numbers as the host answered them, and what can be told from those. */
import type { SeriesAnswer, SeriesName } from '../../src/protocol/dashboard';

/** A line of a chart. */
export interface Line {
  readonly run: string;
  readonly series: SeriesName;
  /** What tells the run from the others that are drawn; nothing where it is alone. */
  readonly runName: string;
  /** What tells the series from the other one of its chart; nothing where there is none. */
  readonly seriesName: string;
  readonly colour: string;
  /** Whether the line is one of validation, which is dashed where runs have a colour each. */
  readonly dashed: boolean;
  readonly hidden: boolean;
  /** Whether a value holds for everything up to the next one. */
  readonly stepped: boolean;
  readonly answer: SeriesAnswer;
}

/** What a person calls a line. */
export function lineName({ runName, seriesName }: Line): string {
  return [runName, seriesName].filter(name => name !== '').join(', ');
}

/** The index of the point nearest to a place; undefined where there is none. */
export function nearest(xs: readonly number[], place: number): number | undefined {
  if (xs.length === 0) return undefined;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((xs[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  const before = xs[low - 1];
  const at = xs[low];
  return before !== undefined && at !== undefined && place - before < at - place ? low - 1 : low;
}

/** Up to where a line says anything: as far after its last point as that is from the one before it. */
function endOf(xs: readonly number[]): number {
  const last = xs.at(-1);
  const before = xs.at(-2);
  return last === undefined || before === undefined ? Number.POSITIVE_INFINITY : 2 * last - before;
}

/** The index of the last point at or before a place. */
function before(xs: readonly number[], place: number): number | undefined {
  const index = nearest(xs, place);
  if (index === undefined || (xs[index] ?? 0) <= place) return index;
  return index > 0 ? index - 1 : undefined;
}

/**
 * What a line is at a place: its average where there is one, and what lies behind the point. A stepped line holds
 * until the next point.
 */
export function valueAt(
  { answer, stepped }: Line,
  place: number,
): { x: number; value: number; min: number; max: number } | undefined {
  const index = (stepped ? before : nearest)(answer.x, place);
  if (index === undefined || place > endOf(answer.x)) return undefined;
  const mean = answer.mean[index];
  const value = answer.smooth[index] ?? mean;
  if (value === null || value === undefined) return undefined;
  return {
    x: stepped ? place : (answer.x[index] ?? place),
    value,
    min: answer.min[index] ?? value,
    max: answer.max[index] ?? value,
  };
}

/** The extremes of the visible part of a line. */
export function extremes({ answer }: Line): { min: number; max: number } | undefined {
  const known = (list: readonly (number | null)[]) => list.filter(value => value !== null);
  const low = known(answer.exact ? answer.mean : answer.min);
  const high = known(answer.exact ? answer.mean : answer.max);
  if (low.length === 0 || high.length === 0) return undefined;
  return { min: Math.min(...low), max: Math.max(...high) };
}
