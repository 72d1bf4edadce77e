/** What is done with the samples of one data set between its memory and a network. */
import { Generator } from '../../engine/random/generator';
import { eraseBytes } from './erasing';
import { normalizeText } from './normalize';
import { shapeAfter, type TransformPlan } from './plan';
import type { Erasing, ImageShape, PixelTransform, Planes } from './transform';
import { TransformError } from './transform-error';

/** What is subtracted from pixels from 0 to 1, and what they are divided by: a number for each channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** How large an image is whose numbers have this shape, `[28, 28]` or `[3, 64, 64]`. */
export function imageShape(shape: readonly number[]): ImageShape {
  const [width = 1, height = 1, channels = 1] = shape.toReversed();
  return { channels, height, width };
}

/** The shape of the numbers of an image. */
export function sampleShape({ channels, height, width }: ImageShape): number[] {
  return channels === 1 ? [height, width] : [channels, height, width];
}

const sizeOf = ({ channels, height, width }: ImageShape) => channels * height * width;
const words = ({ channels, height, width }: ImageShape) =>
  `${height}×${width}${channels === 1 ? '' : ` in ${channels} channels`}`;

/** A number for each channel. */
const forEach = (channels: number, values: readonly number[]) =>
  Array.from({ length: channels }, (_, c) => values[c] ?? values[0] ?? 0);

/** The transforms of one data set, behind those that its samples went through when they were read. */
export class SampleTransforms {
  /** The shape in which a network gets a sample. */
  readonly shape: readonly number[];
  /** Numbers of such a sample. */
  readonly size: number;
  /** What `Normalize` does; nothing without it. */
  readonly normalization: Normalization | undefined;
  /** Whether each training sample is changed each time that it is taken. */
  readonly changesTraining: boolean;
  /** Of training samples after {@link trained}: bytes, or numbers that are normalized already. */
  readonly dtype: 'uint8' | 'float32';
  readonly #from: ImageShape;
  readonly #to: ImageShape;

  /**
   * @param from how large the samples are that lie in memory
   * @param computed what is to be taken where `Normalize` says no numbers
   * @throws TransformError where the transforms do not fit the samples
   */
  constructor(
    readonly plan: TransformPlan,
    from: ImageShape,
    computed: Normalization | undefined,
  ) {
    this.#from = from;
    this.#to = shapeAfter(plan.training, from);
    const outside = shapeAfter(plan.evaluation, from);
    if (words(this.#to) !== words(outside)) {
      throw new TransformError(
        `images are ${words(this.#to)} in training and ${words(outside)} outside of it, where random transforms are left out; add a Resize or CenterCrop`,
      );
    }
    const { normalize, erasing } = plan;
    const statistics = normalize && (normalize.statistics ?? computed);
    const { channels } = this.#to;
    const given = Math.max(statistics?.mean.length ?? 1, statistics?.std.length ?? 1);
    if (given !== 1 && given !== channels) {
      throw new TransformError(
        `Normalize: expected ${channels === 1 ? 'a number' : `1 or ${channels} numbers`} for ${channels === 1 ? 'grey images' : 'the channels'}, found ${given}`,
      );
    }
    this.normalization = statistics && {
      mean: forEach(channels, statistics.mean),
      std: forEach(channels, statistics.std),
    };
    const asNumbers = erasing.before.length + erasing.after.length > 0;
    this.changesTraining = plan.training.length > 0 || asNumbers;
    this.dtype = asNumbers ? 'float32' : 'uint8';
    this.shape = sampleShape(this.#to);
    this.size = sizeOf(this.#to);
  }

  /** All transforms in words that can be read again; with the numbers of `Normalize`. */
  get texts(): string[] {
    const { before, training, erasing } = this.plan;
    const texts = (all: readonly { readonly text: string }[]) => all.map(({ text }) => text);
    const { normalization } = this;
    return [
      ...texts([...before, ...training, ...erasing.before]),
      ...(normalization === undefined ? [] : [normalizeText(normalization.mean, normalization.std)]),
      ...texts(erasing.after),
    ];
  }

  /** Writes what a training sample becomes into `target`, which is of {@link dtype}, from `to` on. */
  trained(
    sample: Uint8Array,
    generator: Generator,
    target: { set(numbers: ArrayLike<number>, at: number): void },
    to: number,
  ): void {
    const image = applyAll(this.plan.training, { ...this.#from, data: sample }, generator);
    if (this.dtype === 'uint8') target.set(image.data, to);
    else target.set(this.#numbers(image, generator), to);
  }

  /** What a training sample becomes, as a picture: without `Normalize`, and with grey for noise. */
  previewed(sample: Uint8Array, generator: Generator): Uint8Array {
    const image = applyAll(this.plan.training, { ...this.#from, data: sample }, generator);
    const { before, after } = this.plan.erasing;
    return [...before, ...after].reduce((changed, erasing) => {
      const value = erasing.value === 'random' ? [0.5] : erasing.value;
      return eraseBytes(erasing, value).apply(changed, generator);
    }, image).data;
  }

  /** What samples become outside of training; these themselves where nothing is done. */
  evaluated(samples: Uint8Array, count: number): Uint8Array {
    const { evaluation } = this.plan;
    if (evaluation.length === 0) return samples;
    const each = sizeOf(this.#from);
    const out = new Uint8Array(count * this.size);
    for (let i = 0; i < count; i++) {
      const image = { ...this.#from, data: samples.subarray(i * each, (i + 1) * each) };
      out.set(applyAll(evaluation, image).data, i * this.size);
    }
    return out;
  }

  #numbers(image: Planes, generator: Generator): Float32Array {
    const { erasing } = this.plan;
    const numbers = Float32Array.from(image.data, value => value / 255);
    for (const each of erasing.before) erase(each, image, numbers, generator);
    const { normalization } = this;
    const area = image.height * image.width;
    if (normalization !== undefined) {
      for (let i = 0; i < numbers.length; i++) {
        const c = Math.floor(i / area);
        numbers[i] = ((numbers[i] ?? 0) - (normalization.mean[c] ?? 0)) / (normalization.std[c] ?? 1);
      }
    }
    for (const each of erasing.after) erase(each, image, numbers, generator);
    return numbers;
  }
}

/** The image after some transforms. */
export function applyAll(
  transforms: readonly PixelTransform[],
  image: Planes,
  generator: Generator = new Generator(),
): Planes {
  return transforms.reduce((changed, transform) => transform.apply(changed, generator), image);
}

function erase(erasing: Erasing, shape: ImageShape, numbers: Float32Array, generator: Generator): void {
  const box = erasing.box(shape, generator);
  if (box === undefined) return;
  const { value } = erasing;
  for (let c = 0; c < shape.channels; c++) {
    for (let y = 0; y < box.height; y++) {
      const at = (c * shape.height + box.top + y) * shape.width + box.left;
      for (let x = 0; x < box.width; x++) {
        numbers[at + x] = value === 'random' ? generator.normalPair()[0] : (value[c] ?? value[0] ?? 0);
      }
    }
  }
}
