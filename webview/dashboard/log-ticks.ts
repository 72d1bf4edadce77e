/** Ticks of logarithmic axes: round numbers, and not more of them than can be read. */
import type { Scale } from 'chart.js';

/** About so many ticks. */
const wanted = 6;

/** Round numbers between two positive ones. */
export function logTicks(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  if (!(min > 0) || !Number.isFinite(decades)) return [];
  if (decades < 1) return evenTicks(min, max);
  const leads = decades < 2.5 ? [1, 2, 5] : [1];
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    for (const lead of leads) found.push(Number(`${lead}e${power}`));
  }
  const every = decades > 2 * wanted ? Math.ceil(decades / wanted) : 1;
  return found.filter((value, i) => i % every === 0 && value >= min && value <= max);
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function evenTicks(min: number, max: number): number[] {
  const least = (max - min) / wanted;
  const power = 10 ** Math.floor(Math.log10(least));
  const size = power * ([1, 2, 5].find(lead => lead * power >= least) ?? 10);
  const found: number[] = [];
  for (let k = Math.ceil(min / size); k * size <= max; k++) found.push(Number((k * size).toPrecision(12)));
  return found;
}

/** Gives an axis its ticks. */
export function placeLogTicks(axis: Scale): void {
  axis.ticks = logTicks(axis.min, axis.max).map(value => ({ value }));
}
