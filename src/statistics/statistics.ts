/**
 * What an array of numbers comes to: a few statistics, and a histogram whose edges are the same for all data. Training
 * waits for it, and large checkpoints are read for it, so it is made to be fast.
 */
import type { TypedArray } from '../engine/dtype';
import type { SeenTensor } from '../protocol/looks';
import {
  binsPerOctave,
  edgeOf,
  type Histogram,
  highestExponent,
  lowestExponent,
  type Statistics,
} from '../protocol/tensors';

/** The sign, the exponent and the first bits of the mantissa of a float32 tell its bin. */
const mantissaBits = Math.log2(binsPerOctave);
const shift = 23 - mantissaBits;
/** The first place with a sign. */
const negative = 1 << (8 + mantissaBits);
const exponentOfOne = 127;
const firstPlace = (lowestExponent + exponentOfOne) * binsPerOctave;
const lastPlace = (highestExponent + exponentOfOne) * binsPerOctave - 1;
/** Infinities and NaNs have these places and those above. */
const notFinite = 255 * binsPerOctave;

function asFloat32(data: TypedArray): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof BigInt64Array ? Float32Array.from(data, Number) : Float32Array.from(data);
}

/** How many values have each place: the upper bits of a float32. */
function countPlaces(data: Float32Array): Uint32Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const places = new Uint32Array(2 * negative);
  for (let i = 0; i < bits.length; i++) {
    const place = (bits[i] ?? 0) >>> shift;
    places[place] = (places[place] ?? 0) + 1;
  }
  return places;
}

/** Bins this many powers of two below nearly all values, and below half of them, are joined to the one at zero. */
const octavesShown = { nearlyAll: 7, half: 4 };

/** The lowest place that is kept. However many values are far out, those of the others stay apart. */
function lowestShown(places: Uint32Array): number {
  const both = new Uint32Array(notFinite);
  let total = 0;
  for (let place = firstPlace; place < notFinite; place++) {
    const count = (places[place] ?? 0) + (places[negative + place] ?? 0);
    both[place] = count;
    total += count;
  }
  let lowest = lastPlace;
  let [place, seen] = [notFinite, 0];
  for (const [share, octaves] of [
    [0.01, octavesShown.nearlyAll],
    [0.5, octavesShown.half],
  ] as const) {
    while (place > firstPlace && seen <= total * share) seen += both[--place] ?? 0;
    lowest = Math.min(lowest, place - octaves * binsPerOctave);
  }
  return Math.max(firstPlace, lowest);
}

/** Sums of the places from `from` until before `to` on one side of zero. */
function sum(places: Uint32Array, from: number, to: number): number {
  let count = 0;
  for (let place = from; place < to; place++) count += places[place] ?? 0;
  return count;
}

function toHistogram(places: Uint32Array): Histogram {
  const from = lowestShown(places);
  const bins: number[] = [];
  const counts: number[] = [];
  const add = (bin: number, count: number) => {
    if (count === 0) return;
    bins.push(bin);
    counts.push(count);
  };
  add(firstPlace - lastPlace - 1, sum(places, negative + lastPlace, negative + notFinite));
  for (let place = lastPlace - 1; place >= from; place--)
    add(firstPlace - place - 1, places[negative + place] ?? 0);
  add(0, sum(places, 0, from) + sum(places, negative, negative + from));
  for (let place = from; place < lastPlace; place++) add(place - firstPlace + 1, places[place] ?? 0);
  add(lastPlace - firstPlace + 1, sum(places, lastPlace, notFinite));
  return { bins, counts, near: edgeOf(from - firstPlace + 1) };
}

/** The histogram of the finite values. Those of 64-bit types are rounded to float32 first. */
export function histogramOf(data: TypedArray): Histogram {
  return toHistogram(countPlaces(asFloat32(data)));
}

/** Counts, extremes, mean, deviation and norm, in 64-bit floating point. */
export function statisticsOf(data: TypedArray): Statistics {
  const numbers = data instanceof BigInt64Array ? Float64Array.from(data, Number) : data;
  const finite = countFinite(numbers) === numbers.length ? numbers : numbers.filter(Number.isFinite);
  // One kind of array keeps the loops below fast.
  return moments(finite instanceof Float32Array ? finite : Float64Array.from(finite), numbers);
}

/** The loops are short, each with little in it: together in one they take five times as long. */
function moments(finite: Float32Array | Float64Array, all: ArrayLike<number>): Statistics {
  let nan = 0;
  if (finite.length < all.length) {
    for (let i = 0; i < all.length; i++) if (Number.isNaN(all[i])) nan++;
  }
  const infinite = all.length - finite.length - nan;
  const count = all.length;
  const nothing = { count, min: null, max: null, mean: null, std: null, norm: null };
  if (finite.length === 0) return { ...nothing, zeros: 0, nan, infinite };
  const [min, max] = extremes(finite);
  const origin = finite[0] ?? 0;
  const [sum, squares] = sums(finite, origin);
  const shifted = sum / finite.length;
  const std = Math.sqrt(Math.max(0, squares / finite.length - shifted * shifted));
  const [, size] = sums(finite, 0);
  const zeros = countZeros(finite);
  return { count, min, max, mean: origin + shifted, std, norm: Math.sqrt(size), zeros, nan, infinite };
}

function countFinite(numbers: Exclude<TypedArray, BigInt64Array>): number {
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? 0;
    // Neither an infinity nor NaN less itself is 0.
    count += Number(value - value === 0);
  }
  return count;
}

function extremes(numbers: Float32Array | Float64Array): [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? 0;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}

/** Sums about an origin: about zero, a small deviation from a large mean would be lost. */
function sums(numbers: Float32Array | Float64Array, origin: number): [sum: number, squares: number] {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < numbers.length; i++) {
    const distance = (numbers[i] ?? 0) - origin;
    sum += distance;
    squares += distance * distance;
  }
  return [sum, squares];
}

function countZeros(numbers: Float32Array | Float64Array): number {
  let zeros = 0;
  for (let i = 0; i < numbers.length; i++) zeros += Number(numbers[i] === 0);
  return zeros;
}

/** Statistics and histogram. */
export function examine(data: TypedArray): SeenTensor {
  return { statistics: statisticsOf(data), histogram: histogramOf(data) };
}
