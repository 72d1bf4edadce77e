/** A line of a chart: its numbers as the host answered them, and what can be told from those. */
import type { SeriesAnswer, SeriesName } from '../../src/protocol/dashboard';
import type { Range } from './page-state';

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

/** The index of the first point that is not before a place; their count where there is none. */
function firstFrom(xs: readonly number[], place: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((xs[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the point nearest to a place; undefined where there is none. */
export function nearest(xs: readonly number[], place: number): number | undefined {
  if (xs.length === 0) return undefined;
  const at = Math.min(firstFrom(xs, place), xs.length - 1);
  const [before, after] = [xs[at - 1], xs[at]];
  return before !== undefined && after !== undefined && place - before < after - place ? at - 1 : at;
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
): { x: number; value: number; raw: number; min: number; max: number } | undefined {
  const index = (stepped ? before : nearest)(answer.x, place);
  if (index === undefined || place > endOf(answer.x)) return undefined;
  const mean = answer.mean[index];
  const value = answer.smooth[index] ?? mean;
  if (value === null || value === undefined) return undefined;
  return {
    x: stepped ? place : (answer.x[index] ?? place),
    value,
    raw: mean ?? value,
    min: answer.min[index] ?? mean ?? value,
    max: answer.max[index] ?? mean ?? value,
  };
}

/** The extremes of some values. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
  /** The lowest above zero; infinite where there is none. */
  readonly positive: number;
}

/** The extremes of a line in a range; of the point on either side of it too, up to which the line is drawn. */
export function extremes({ answer }: Line, range: Range): Extremes | undefined {
  const { x, exact, mean } = answer;
  const low = exact ? mean : answer.min;
  const high = exact ? mean : answer.max;
  const from = Math.max(0, firstFrom(x, range.from) - 1);
  const to = Math.min(x.length, firstFrom(x, range.to) + 1);
  let [min, max, positive] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = from; i < to; i++) {
    const [lowest, highest] = [low[i] ?? null, high[i] ?? null];
    if (lowest === null || highest === null) continue;
    min = Math.min(min, lowest);
    max = Math.max(max, highest);
    if (lowest > 0) positive = Math.min(positive, lowest);
    else if (highest > 0) positive = Math.min(positive, highest);
  }
  return min <= max ? { min, max, positive } : undefined;
}
