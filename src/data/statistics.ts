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
export function pixelStatistics({ images }: Pick<ImageSplit, 'images'>): PixelStatistics {
  const counts = new Float64Array(256);
  for (const pixel of images) counts[pixel] = (counts[pixel] ?? 0) + 1;
  return figuresOf(counts);
}

/** The figures of each channel of images whose channels lie plane after plane. */
export function channelStatistics({ images, length }: ImageSplit, channels: number): PixelStatistics[] {
  const plane = images.length / Math.max(1, length * channels);
  return Array.from({ length: channels }, (_, channel) => {
    const counts = new Float64Array(256);
    for (let image = 0; image < length; image++) {
      const start = (image * channels + channel) * plane;
      for (let i = start; i < start + plane; i++) counts[images[i] ?? 0] = (counts[images[i] ?? 0] ?? 0) + 1;
    }
    return figuresOf(counts);
  });
}

/** @param counts how often each of the 256 values is there */
function figuresOf(counts: Float64Array): PixelStatistics {
  const total = Math.max(
    1,
    counts.reduce((sum, n) => sum + n, 0),
  );
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
