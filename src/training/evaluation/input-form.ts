/** How 8-bit images become what a model of somebody else takes: how pixels are scaled, and how large images are. */
import type { ImageSplit } from '../../data/image-data';
import { pixelStatistics } from '../../data/statistics';
import type { ScalingName } from '../../protocol/choices';
import type { Images } from './scorer';

/** A pixel `p` from 0 to 255 becomes `(p / 255 − mean) / std`. */
export interface Scaling {
  readonly name: ScalingName;
  readonly mean: number;
  readonly std: number;
  /** Such as `pixels from 0 to 1`. */
  readonly text: string;
}

/** The form in which a model takes images. */
export interface InputForm {
  readonly scaling: Scaling;
  /** Height and width; images of another size are made larger or smaller. */
  readonly size: readonly [number, number];
  /** Grey images are given in each of so many channels. */
  readonly channels: number;
}

const normalized = (name: ScalingName, mean: number, std: number, whose: string): Scaling => ({
  name,
  mean,
  std,
  text: `pixels normalised with ${whose} mean ${mean.toFixed(4)} and standard deviation ${std.toFixed(4)}`,
});

/** That of the examples that come with PyTorch. */
const mnist = normalized('mnist', 0.1307, 0.3081, "MNIST's");

/** Features are not scaled. */
const asTheyAre: Scaling = { name: 'unit', mean: 0, std: 1 / 255, text: 'features as they are' };

/** Two normalisations that are nearer than this cannot be told apart. */
const near = 0.005;

/** The ways to scale pixels that are usual, the most usual first. */
export async function usualScalings(training: ImageSplit): Promise<Scaling[]> {
  if (!(training.images instanceof Uint8Array)) return [asTheyAre];
  await training.pending?.all();
  const { mean, std } = pixelStatistics({ ...training, images: training.images });
  const own = normalized('data', mean / 255, std / 255, "the training set's");
  const isMnist = Math.abs(own.mean - mnist.mean) < near && Math.abs(own.std - mnist.std) < near;
  return [
    { name: 'unit', mean: 0, std: 1, text: 'pixels from 0 to 1' },
    mnist,
    ...(isMnist || std === 0 ? [] : [own]),
    { name: 'symmetric', mean: 0.5, std: 0.5, text: 'pixels from −1 to 1' },
    { name: 'bytes', mean: 0, std: 1 / 255, text: 'pixels from 0 to 255' },
    { name: 'inverted', mean: 1, std: -1, text: 'pixels from 1 for black to 0 for white' },
  ];
}

/** For each place of a row of `to` pixels, the places in a row of `from` that it is made of, and their shares. */
function resampling(from: number, to: number): (readonly (readonly [place: number, share: number])[])[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (scale > 1) {
      // Smaller: the average of what lies behind the pixel.
      const [begin, end] = [i * scale, (i + 1) * scale];
      return Array.from({ length: Math.min(from, Math.ceil(end)) - Math.floor(begin) }, (_, k) => {
        const place = Math.floor(begin) + k;
        return [place, (Math.min(end, place + 1) - Math.max(begin, place)) / scale] as const;
      });
    }
    // Larger: bilinear between the middles of pixels, as PyTorch without `align_corners`.
    const middle = Math.max(0, (i + 0.5) * scale - 0.5);
    const low = Math.min(from - 1, Math.floor(middle));
    const high = Math.min(from - 1, low + 1);
    const share = middle - low;
    return [[low, 1 - share] as const, [high, share] as const];
  });
}

/** Images of one size made to images of another. */
function resized(
  pixels: Images['numbers'],
  count: number,
  from: readonly [number, number],
  to: readonly [number, number],
) {
  const [rows, columns] = [resampling(from[0], to[0]), resampling(from[1], to[1])];
  const result = new Float32Array(count * to[0] * to[1]);
  for (let image = 0, at = 0; image < count; image++) {
    const base = image * from[0] * from[1];
    for (const row of rows) {
      for (const column of columns) {
        let sum = 0;
        for (const [y, down] of row)
          for (const [x, across] of column) sum += down * across * (pixels[base + y * from[1] + x] ?? 0);
        result[at++] = sum;
      }
    }
  }
  return result;
}

/** The numbers that a model takes, image after image and in each one channel after the other. */
export function prepareImages({ numbers: pixels, count, shape }: Images, form: InputForm): Float32Array {
  const [height = 1, width = 1] = shape.slice(-2);
  const { mean, std } = form.scaling;
  const isSize = height === form.size[0] && width === form.size[1];
  const sized = isSize ? pixels : resized(pixels, count, [height, width], form.size);
  const area = form.size[0] * form.size[1];
  const result = new Float32Array(count * form.channels * area);
  for (let image = 0, at = 0; image < count; image++) {
    for (let channel = 0; channel < form.channels; channel++) {
      for (let i = 0; i < area; i++) result[at++] = ((sized[image * area + i] ?? 0) / 255 - mean) / std;
    }
  }
  return result;
}

/** How images are changed to fit, in words; empty where they are not. */
export function sizeText({ size, channels }: InputForm, shape: readonly number[]): string {
  const [height = 1, width = 1] = shape.slice(-2);
  const texts = [];
  if (height !== size[0] || width !== size[1]) texts.push(`images resized to ${size[0]}×${size[1]}`);
  if (channels > 1) texts.push(`grey images in ${channels} equal channels`);
  return texts.join(', ');
}
