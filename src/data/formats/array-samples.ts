/** From arrays of numbers to samples and labels: which axis is what, one-hot labels, pixels or features. */
import path from 'node:path';
import { count, DataError } from '../data-error';
import type { ArrayInFile, NumberArray } from './array-files';

/** What a message calls an array. */
export function nameOf(array: ArrayInFile): string {
  const name = path.basename(array.file);
  return inFile(array) === '' ? name : `${name}: ${array.name}`;
}

/** Where in its file an array is, as it stands in front of what is wrong with it. */
export function inFile({ file, name }: ArrayInFile): string {
  return /\.npz$/i.test(file) ? `${name}: ` : '';
}

/** Class numbers below this are taken in any case; larger ones where there are as many labels, up to {@link MOST_CLASSES}. */
const USUAL_CLASSES = 1000;
/** More classes than these are none. */
const MOST_CLASSES = 65_536;

/**
 * The names of classes that are numbered from 0 on.
 * @throws DataError where a number is so large that it is no class: one network output for each would fill the memory
 */
export function numberedClasses(where: ArrayInFile, labels: ArrayLike<number>): string[] {
  const most = Array.from(labels).reduce((a, b) => Math.max(a, b), 1);
  if (most < Math.min(MOST_CLASSES, Math.max(USUAL_CLASSES, labels.length))) {
    return Array.from({ length: most + 1 }, (_, i) => String(i));
  }
  const among = count(labels.length, 'label');
  throw new DataError(
    where.file,
    `${inFile(where)}expected class numbers from 0 on, found ${most} among ${among}; number the classes 0, 1, 2, …`,
  );
}

/**
 * Class numbers out of an array of labels: whole numbers [N] or [N, 1], or one-hot rows [N, classes].
 * @param expected how many there must be
 */
export function labelsOf(
  where: ArrayInFile,
  { shape, dtype, data }: NumberArray,
  expected: number,
  what: string,
): Int32Array {
  if (/^complex/.test(dtype)) {
    throw new DataError(
      where.file,
      `${inFile(where)}expected whole numbers from 0 as labels, found complex numbers; save class numbers instead`,
    );
  }
  const [length = 0, width = 1, ...rest] = shape;
  if (shape.length === 0 || rest.length > 0) {
    throw new DataError(
      where.file,
      `${inFile(where)}expected one label for each ${what}, found ${shape.length === 0 ? 'a single number' : `an array of ${shape.join('×')}`}; save one class number for each`,
    );
  }
  if (length !== expected) {
    throw new DataError(
      where.file,
      `${inFile(where)}expected ${count(expected, 'label')}, one for each ${what}, found ${length}; use the files of one data set`,
    );
  }
  if (width > 1) return oneHot(where, data, length, width, what);
  return Int32Array.from({ length }, (_, i) => {
    const value = Number(data[i]);
    if (Number.isInteger(value) && value >= 0 && value < 1e6) return value;
    throw new DataError(
      where.file,
      `${inFile(where)}expected whole numbers from 0 as labels, found ${value} at index ${i}; number the classes 0, 1, 2, …`,
    );
  });
}

function oneHot(
  where: ArrayInFile,
  data: NumberArray['data'],
  length: number,
  width: number,
  what: string,
): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const row = Array.from(data.subarray(i * width, (i + 1) * width), Number);
    const place = row.indexOf(1);
    if (place >= 0 && row.every((value, k) => value === (k === place ? 1 : 0))) return place;
    throw new DataError(
      where.file,
      `${inFile(where)}expected a single 1 in each row of one-hot labels, found otherwise in row ${i}; save one class number for each ${what}`,
    );
  });
}

/** Samples as they come out of an array. */
export interface ArraySamples {
  readonly shape: readonly number[];
  readonly length: number;
  readonly images: Uint8Array | Float32Array;
}

/**
 * Samples out of an array [N, …]: 8-bit pixels stay as they are, numbers from 0 to 1 that are pixels divided by 255
 * become these again; channels that come last are put first. Other numbers stay numbers.
 */
export function samplesOf(where: ArrayInFile, { shape, data }: NumberArray): ArraySamples {
  const [length = 0, ...sample] = shape;
  const wrong = data.findIndex(value => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new DataError(
      where.file,
      `${inFile(where)}expected numbers, found ${data[wrong]} in sample ${Math.floor(wrong / (data.length / Math.max(1, length)))}; replace or remove it`,
    );
  }
  const pixels = sample.length > 1 || isSquare(sample[0] ?? 0) ? asPixels(data) : undefined;
  const numbers = pixels ?? Float32Array.from(data);
  if (sample.length === 3 && (sample[2] === 1 || sample[2] === 3) && sample[0] !== 1 && sample[0] !== 3) {
    const [height = 0, width = 0, channels = 1] = sample;
    const images = channelsFirst(numbers, length, height * width, channels);
    return { length, images, shape: channels === 1 ? [height, width] : [channels, height, width] };
  }
  if (sample.length === 3 && sample[0] === 1) return { length, images: numbers, shape: sample.slice(1) };
  const side = Math.sqrt(sample[0] ?? 0);
  if (sample.length === 1 && pixels !== undefined) return { length, images: numbers, shape: [side, side] };
  return { length, images: numbers, shape: sample };
}

function isSquare(n: number): boolean {
  return n >= 64 && Number.isInteger(Math.sqrt(n));
}

/** The numbers as 8-bit pixels, if they are such, or were before they were divided by 255. */
function asPixels(data: NumberArray['data']): Uint8Array | undefined {
  if (data instanceof Uint8Array) return data;
  let largest = 0;
  for (const value of data) largest = Math.max(largest, value);
  const factor = largest <= 1 ? 255 : 1;
  const fits = data.every(value => {
    const pixel = Math.round(value * factor);
    return pixel >= 0 && pixel <= 255 && Math.abs(pixel - value * factor) < 1e-4;
  });
  if (!fits || (factor === 1 && largest <= 16)) return undefined;
  return Uint8Array.from(data, value => Math.round(value * factor));
}

function channelsFirst(data: Uint8Array | Float32Array, length: number, pixels: number, channels: number) {
  if (channels === 1) return data;
  const out = data.slice();
  for (let n = 0; n < length; n++) {
    const at = n * pixels * channels;
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < channels; c++) out[at + c * pixels + i] = data[at + i * channels + c] ?? 0;
    }
  }
  return out;
}
