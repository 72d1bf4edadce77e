/**
 * Colours of values: red below zero and blue above, as ColorBrewer's RdBu, with the page's own background in the middle,
 * so that zero is where nothing is, in a light theme as in a dark one. Photographs are grey, from black to white.
 */
import type { TensorValue } from '../../src/protocol/tensors';

/** Red, green and blue, from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The colours at −limit and at +limit, for light and for dark pages. */
const ends: Record<'light' | 'dark', { readonly below: Rgb; readonly above: Rgb }> = {
  light: { below: [178, 24, 43], above: [33, 102, 172] },
  dark: { below: [244, 109, 92], above: [102, 178, 240] },
};

/** What is no number is shown in this. */
const broken: Rgb = [255, 0, 220];

/** From values to colours, between two ends. */
export interface Scale {
  /** The values at its ends; what is beyond has the last colour. */
  readonly ends: readonly [low: number, high: number];
  /** What is to be seen in it, in words. */
  readonly words: string;
  of(value: TensorValue): Rgb;
}

/** From black to white, as in a photograph. */
export class GreyScale implements Scale {
  readonly words = 'Greys from black to white';

  constructor(readonly ends: readonly [low: number, high: number]) {}

  of(value: TensorValue): Rgb {
    if (typeof value === 'string') return broken;
    const [low, high] = this.ends;
    const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
    const grey = Math.round(255 * share);
    return [grey, grey, grey];
  }
}

/** From red below zero to blue above. */
export class ColourScale implements Scale {
  readonly words = 'Colours from red below zero to blue above';
  readonly #below: Rgb;
  readonly #above: Rgb;

  /**
   * @param limit how far from zero the colours go; what is beyond has the last one
   * @param zero the colour of zero
   */
  constructor(
    readonly limit: number,
    private readonly zero: Rgb,
  ) {
    const { below, above } = ends[luminance(zero) > 0.4 ? 'light' : 'dark'];
    this.#below = below;
    this.#above = above;
  }

  get ends(): readonly [number, number] {
    return [-this.limit, this.limit];
  }

  /** The colour of a value. */
  of(value: TensorValue): Rgb {
    if (typeof value === 'string') return broken;
    if (this.limit === 0) return this.zero;
    const share = Math.min(1, Math.abs(value) / this.limit);
    const end = value < 0 ? this.#below : this.#above;
    const mix = (i: 0 | 1 | 2) => Math.round(this.zero[i] + (end[i] - this.zero[i]) * share);
    return [mix(0), mix(1), mix(2)];
  }
}

function luminance([red, green, blue]: Rgb): number {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** How far from zero the colours go: so that one outlier does not make all others pale, 99 of 100 values are within. */
export function robustLimit(values: readonly TensorValue[]): number {
  const sizes = values
    .flatMap(value => (typeof value === 'number' ? [Math.abs(value)] : []))
    .sort((a, b) => a - b);
  const most = sizes[Math.floor((sizes.length - 1) * 0.99)] ?? 0;
  return most > 0 ? most : (sizes.at(-1) ?? 0);
}

/** The smallest and the largest of values. */
export function rangeOf(values: readonly TensorValue[]): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (typeof value !== 'number') continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 0] : [low, high];
}

/** A CSS colour as numbers. */
export function toRgb(colour: string): Rgb {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (context === null) return [255, 255, 255];
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** Paints values, row by row, a pixel each. */
export function paint(values: readonly TensorValue[], width: number, scale: Scale): HTMLCanvasElement {
  const height = Math.max(1, Math.ceil(values.length / Math.max(1, width)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, width);
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  const image = context.createImageData(canvas.width, height);
  values.forEach((value, i) => {
    const [red, green, blue] = scale.of(value);
    image.data.set([red, green, blue, 255], i * 4);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}
