/**
 * A look at a part of a series: the values themselves where they are few, else for each pixel the lowest, the
 * highest and the mean of what lies behind it, so that no spike is lost at any zoom.
 */
import type { SeriesAnswer, SeriesQuery } from '../protocol/dashboard';
import type { Series } from './series';

/** From steps to the axis and back. */
export interface AxisScale {
  value(step: number): number;
  step(value: number): number;
}

/** So many points at most, values as they are or envelopes. */
export const pointLimit = 1000;

const orNull = (value: number) => (Number.isFinite(value) ? value : null);

/** Answers a query about a series; of one that is not `complete` no value is said to be all that there is. */
export function lookAt(series: Series, scale: AxisScale, query: SeriesQuery, complete = true): SeriesAnswer {
  const x = (index: number) => scale.value(series.step(index));
  const end = series.length;
  const inner = indices(series, scale, query);
  const wider = widened(query);
  const { from, to } = wider === query ? inner : indices(series, scale, wider);
  const points = Math.min(pointLimit, Math.max(1, Math.floor(wider.width)));
  const exact = complete && to - from <= Math.min(pointLimit, 2 * points);
  const edges = exact ? eachValue(from, to) : pixelEdges(series, scale, query.log, points, from, to);
  const average = query.smoothing > 0 ? series.smoothed(query.smoothing) : undefined;
  const answer: SeriesAnswer = {
    exact,
    x: [],
    mean: [],
    min: [],
    max: [],
    smooth: [],
    first: end > 0 ? x(0) : null,
    last: end > 0 ? x(end - 1) : null,
    latest: orNull(series.value(end - 1)),
    count: Math.max(0, inner.to - inner.from),
  };
  const add = (i: number, j: number) => {
    const { min, max, sum, count } = series.extent(i, j);
    answer.x.push(j - i === 1 ? x(i) : (x(i) + x(j - 1)) / 2);
    answer.mean.push(orNull(sum / count));
    if (!exact) {
      answer.min.push(orNull(min));
      answer.max.push(orNull(max));
    }
    if (average !== undefined) answer.smooth.push(orNull(average.at(j - 1)));
  };
  // One more value on either side, so that lines go on to the borders of the chart.
  if (from > 0 && from <= end) add(from - 1, from);
  for (let b = 0; b + 1 < edges.length; b++) {
    const [i, j] = [edges[b] ?? 0, edges[b + 1] ?? 0];
    if (i < j) add(i, j);
  }
  if (to < end && to >= from) add(to, to + 1);
  return answer;
}

/** The query with its margins in its range. */
function widened(query: SeriesQuery): SeriesQuery {
  const { from, to, margin, width, log } = query;
  if (margin === 0 || from === null || to === null) return query;
  const wide = { ...query, width: width * (1 + 2 * margin) };
  if (log && from > 0) {
    const ratio = (to / from) ** margin;
    return { ...wide, from: from / ratio, to: to * ratio };
  }
  return { ...wide, from: from - margin * (to - from), to: to + margin * (to - from) };
}

/** Where the values of the range begin and end. The value at its end belongs to it. */
function indices(series: Series, scale: AxisScale, { from, to }: SeriesQuery): { from: number; to: number } {
  return {
    from: from === null ? 0 : firstAt(series, scale, from),
    to: to === null ? series.length : firstAfter(series, scale, to),
  };
}

/** The first value at or after a place on the axis. Rounding in the scale must not lose it. */
function firstAt(series: Series, scale: AxisScale, place: number): number {
  let i = series.indexOf(scale.step(place));
  while (i > 0 && scale.value(series.step(i - 1)) >= place) i--;
  while (i < series.length && scale.value(series.step(i)) < place) i++;
  return i;
}

/** The first value after a place on the axis. */
function firstAfter(series: Series, scale: AxisScale, place: number): number {
  let i = firstAt(series, scale, place);
  while (i < series.length && scale.value(series.step(i)) <= place) i++;
  return i;
}

function eachValue(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) + 1 }, (_, i) => from + i);
}

/**
 * Indices at which the pixels of the range begin, and its end. Their borders lie on multiples of a power of
 * two, so that they stay where they are while a run grows: a curve that has been drawn does not change.
 */
function pixelEdges(
  series: Series,
  scale: AxisScale,
  log: boolean,
  points: number,
  from: number,
  to: number,
): number[] {
  const logarithmic = log && scale.value(series.step(from)) > 0;
  const place = (index: number) => {
    const step = series.step(index);
    return logarithmic ? Math.log2(scale.value(step)) : step;
  };
  const low = place(from);
  const high = place(to - 1);
  const size = 2 ** Math.ceil(Math.log2((high - low) / points));
  const edges = [from];
  for (let k = Math.floor(low / size) + 1; k * size < high; k++) {
    const index = series.indexOf(logarithmic ? scale.step(2 ** (k * size)) : k * size);
    edges.push(Math.min(Math.max(index, edges.at(-1) ?? from), to));
  }
  edges.push(to);
  return edges;
}
