/** Figures of a part of a data set: how its samples are spread over the classes, and its pixels over their range. */
import type { ImageSplit } from './image-data';

/** Of all pixels of all images, from 0 to 255. */
export interface PixelStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The standard deviation of the population. */
  readonly std: number;
}

/** How many samples each class has. */
export function samplesPerClass({ labels }: ImageSplit, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** The figures of the pixels. They come from how often each of the 256 values is there, and so are exact. */
export function pixelStatistics({ images }: ImageSplit): PixelStatistics {
  const counts = new Float64Array(256);
  for (const pixel of images) counts[pixel] = (counts[pixel] ?? 0) + 1;
  const total = Math.max(1, images.length);
  const mean = counts.reduce((sum, n, value) => sum + n * value, 0) / total;
  const variance = counts.reduce((sum, n, value) => sum + n * (value - mean) ** 2, 0) / total;
  return {
    min: Math.max(
      0,
      counts.findIndex(n => n > 0),
    ),
    max: Math.max(
      0,
      counts.findLastIndex(n => n > 0),
    ),
    mean,
    std: Math.sqrt(variance),
  };
}
