/**
 * An axis of steps on which looks are drawn: looks are many at the beginning and become fewer, so each is shown up to
 * halfway to its neighbours. Places are shares of the axis, from 0 to 1.
 */
import { wholeNumber } from './format';

/** From which step to which. On a logarithmic axis the early steps have as much room as the late ones. */
export interface StepAxis {
  readonly log: boolean;
  readonly first: number;
  readonly last: number;
}

/** Steps are counted from 0. */
const measureOf = ({ log }: StepAxis, step: number) => (log ? Math.log(step + 1) : step);

/** The axis on which all of some rising steps have room. */
export function axisOf(steps: readonly number[], log: boolean): StepAxis {
  return { log, first: steps[0] ?? 0, last: steps.at(-1) ?? 0 };
}

/** Where a step is. */
export function placeOf(axis: StepAxis, step: number): number {
  const low = measureOf(axis, axis.first);
  const high = measureOf(axis, axis.last);
  return high > low ? (measureOf(axis, step) - low) / (high - low) : 0.5;
}

/** Where what is shown of each look begins, and the end of the last. */
export function bordersOf(axis: StepAxis, steps: readonly number[]): number[] {
  const places = steps.map(step => placeOf(axis, step));
  const between = places.slice(1).map((place, i) => (place + (places[i] ?? place)) / 2);
  return [0, ...between, 1];
}

/** The index of the look that is shown at a place. */
export function indexAt(borders: readonly number[], place: number): number {
  let low = 0;
  let high = borders.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((borders[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index of the one of some rising numbers that is nearest to another; −1 where there is none. */
export function nearestIndex(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  const distance = (index: number) => Math.abs((numbers[index] ?? Number.POSITIVE_INFINITY) - wanted);
  return low > 0 && distance(low - 1) <= distance(low) ? low - 1 : Math.min(low, numbers.length - 1);
}

/** A mark on an axis. */
export interface Tick {
  readonly place: number;
  readonly text: string;
}

/** A number, or the next above it, that is 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const times = [1, 2, 5].find(each => each * power >= value * (1 - 1e-9)) ?? 10;
  return times * power;
}

/** Marks at round steps, at most so many, no nearer to each other than a share `gap` of what each has. */
export function stepTicks(axis: StepAxis, most: number, gap = 0.4): Tick[] {
  const { first, last, log } = axis;
  const tick = (step: number) => ({ place: placeOf(axis, step), text: wholeNumber(step) });
  if (first === last) return [tick(first)];
  const steps: number[] = [];
  if (log) {
    const decades = Math.log10((last + 1) / (first + 1));
    const every = Math.max(1, Math.ceil(decades / most));
    if (first === 0) steps.push(0);
    for (let power = 0; 10 ** power <= last; power += every)
      if (10 ** power >= first) steps.push(10 ** power);
    if (steps.length < 2) return [tick(first), tick(last)];
  } else {
    const size = Math.max(1, roundUp((last - first) / most));
    for (let step = Math.ceil(first / size) * size; step <= last; step += size) steps.push(step);
  }
  return apart(steps.map(tick), gap / Math.max(1, most));
}

/** Leaves out marks that would stand on the one before them: on a logarithmic axis, 1 is near 0. */
function apart(ticks: readonly Tick[], least: number): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const before = kept.at(-1);
    if (before === undefined || tick.place - before.place >= least) kept.push(tick);
  }
  return kept;
}
