/** A line of a chart: its numbers as the host answered them, and what can be told from those. */
import type { SeriesAnswer, SeriesName } from '../../src/protocol/dashboard';

/** A line of a chart. */
export interface Line {
  /** Tells lines apart: the run and the series. */
  readonly key: string;
  readonly run: string;
  readonly series: SeriesName;
  /** What a person calls the line. */
  readonly label: string;
  /** Whether the label can be left out of the legend, because the list of runs says what the colours are. */
  readonly brief: boolean;
  readonly colour: string;
  /** Whether the line is one of validation, which is dashed where runs have a colour each. */
  readonly dashed: boolean;
  readonly hidden: boolean;
  readonly answer: SeriesAnswer;
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

/** What a line is at a place: its average where there is one, and what lies behind the point. */
export function valueAt(
  { answer }: Line,
  place: number,
): { x: number; value: number; min: number; max: number } | undefined {
  const index = nearest(answer.x, place);
  if (index === undefined) return undefined;
  const mean = answer.mean[index];
  const value = answer.smooth[index] ?? mean;
  if (value === null || value === undefined) return undefined;
  return {
    x: answer.x[index] ?? place,
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
