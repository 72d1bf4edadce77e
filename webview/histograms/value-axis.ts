/** The axis of values: where a value is between the edges of the bins, which are equally wide on the page. */
import { setting } from '../shared/format';
import { roundUp, type Tick } from '../shared/step-axis';

/** Where a value is, as a share of the axis; beyond its ends where it lies outside. */
export function valuePlace(edges: readonly number[], value: number): number {
  const bins = edges.length - 1;
  if (bins < 1) return 0.5;
  if (value < (edges[0] ?? 0)) return -1;
  if (value > (edges[bins] ?? 0)) return 2;
  let [low, high] = [0, bins];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const [from, to] = [edges[low] ?? 0, edges[high] ?? 0];
  return (low + (to > from ? (value - from) / (to - from) : 0)) / bins;
}

/** The bin that a value is in; the last belongs to the last bin. */
export function binOf(edges: readonly number[], value: number): number {
  const place = valuePlace(edges, value);
  return place < 0 || place > 1 ? -1 : Math.min(edges.length - 2, Math.floor(place * (edges.length - 1)));
}

/** Marks at round values, at most about so many, and no two nearer than a share of the axis. */
export function valueTicks(edges: readonly number[], log: boolean, most: number): Tick[] {
  const [low = 0, high = 0] = [edges[0], edges.at(-1)];
  const values = log ? powers(low, high) : evenly(low, high, most);
  const ticks: Tick[] = [];
  // Zero has the first choice, then what is furthest from it: near zero powers of ten stand close together.
  for (const value of values.toSorted((a, b) => rank(b) - rank(a))) {
    const tick = { place: valuePlace(edges, value), text: tickText(value) };
    if (ticks.every(({ place }) => Math.abs(place - tick.place) >= 0.9 / most)) ticks.push(tick);
  }
  return ticks.sort((a, b) => a.place - b.place);
}

/** As few letters as say it: `0.05`, `-1e-5`. */
function tickText(value: number): string {
  const round = Number(value.toPrecision(6));
  const size = Math.abs(round);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return round.toExponential().replace('e+', 'e');
  return setting(round);
}

const rank = (value: number) => (value === 0 ? Number.POSITIVE_INFINITY : Math.abs(value));

function evenly(low: number, high: number, most: number): number[] {
  const size = roundUp((high - low) / most);
  const values: number[] = [];
  for (let i = Math.ceil(low / size); i * size <= high; i++) values.push(i * size);
  return values;
}

function powers(low: number, high: number): number[] {
  const furthest = Math.max(Math.abs(low), Math.abs(high));
  const values = [0];
  for (let power = Math.floor(Math.log10(furthest)); power > Math.log10(furthest) - 14; power--) {
    values.push(10 ** power, -(10 ** power));
  }
  return values.filter(value => value >= low && value <= high);
}
