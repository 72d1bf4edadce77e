/** Some of the classes of a data set, as a data set of its own. */
import { DataError } from './data-error';
import type { ImageData, ImageSplit } from './image-data';

function selectFrom(split: ImageSplit, numbers: ReadonlyMap<number, number>): ImageSplit {
  const pixels = split.shape.reduce((product, size) => product * size, 1);
  const rows = Array.from(split.labels.keys()).filter(row => numbers.has(split.labels[row] ?? 0));
  const size = rows.length * pixels;
  const images = split.images instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
  rows.forEach((row, i) => {
    images.set(split.images.subarray(row * pixels, (row + 1) * pixels), i * pixels);
  });
  const labels = Int32Array.from(rows, row => numbers.get(split.labels[row] ?? 0) ?? 0);
  return { images, shape: split.shape, labels, length: rows.length };
}

/**
 * The samples of these classes, which are numbered in this order. The fingerprint stays that of the whole.
 * @throws DataError where the data has no such class
 */
export async function selectClasses(data: ImageData, names: readonly string[]): Promise<ImageData> {
  const missing = names.find(name => !data.classes.includes(name));
  if (missing !== undefined) {
    const wanted = names.toSorted().map(name => `“${name}”`);
    throw new DataError(
      data.name,
      `expected the classes ${wanted.join(' and ')}, found ${data.classes.join(', ')}; use data with handwritten digits, or another model`,
    );
  }
  // What is left out is not needed, but this keeps the order of the rest simple.
  for (const part of [data.train, data.validation, data.test]) await part?.pending?.all();
  const numbers = new Map(names.map((name, i) => [data.classes.indexOf(name), i]));
  return {
    ...data,
    train: selectFrom(data.train, numbers),
    validation: data.validation && selectFrom(data.validation, numbers),
    test: data.test && selectFrom(data.test, numbers),
    classes: names,
  };
}
