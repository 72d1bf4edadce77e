/** Cutting a part out of an image, putting a border around it, and turning it over. */
import type { Settings } from './settings';
import type { Box, ImageShape, Planes } from './transform';
import { TransformError } from './transform-error';

/** What a border is made of: one value, the edge, or the image mirrored without or with its edge. */
export const paddingModes = ['constant', 'edge', 'reflect', 'symmetric'] as const;

/** What a border is made of. */
export type PaddingMode = (typeof paddingModes)[number];

/** Pixels of border on each side. */
export interface Border {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What is put around an image. */
export interface Padding {
  readonly border: Border;
  /** A value for each channel, or one for all. */
  readonly fill: readonly number[];
  readonly mode: PaddingMode;
}

/** To the nearest whole number, halves to the even one, as Python's `round`. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The size that a transform is given: one number for both sides, or height and width. */
export function sizeOf(settings: Settings): { readonly height: number; readonly width: number } {
  const [height = 1, width = height] = settings.numbers('size', [1, 2], undefined, {
    least: 1,
    most: 4096,
    whole: true,
  });
  return { height, width };
}

/** The value of a byte that fills empty places, for each channel or for all. */
export function fillOf(settings: Settings): number[] {
  return settings.numbers('fill', [1, 3], [0], { least: 0, most: 255, whole: true });
}

/** A border: one number for all sides, two for left and right, top and bottom, or left, top, right, bottom. */
export function borderOf(settings: Settings): Border {
  const numbers = settings.numbers('padding', [1, 2, 4], [0], { least: 0, most: 4096, whole: true });
  const [left = 0, top = left, right = left, bottom = top] = numbers;
  return { left, top, right, bottom };
}

/** The size with a border around it. */
export function paddedShape({ channels, height, width }: ImageShape, border: Border): ImageShape {
  return {
    channels,
    height: height + border.top + border.bottom,
    width: width + border.left + border.right,
  };
}

/**
 * Refuses a border that is wider than what is mirrored in it.
 * @throws TransformError
 */
export function checkPadding(name: string, { height, width }: ImageShape, { border, mode }: Padding): void {
  if (mode !== 'reflect' && mode !== 'symmetric') return;
  const most = mode === 'reflect' ? 1 : 0;
  const wide = Math.max(border.left, border.right) > width - most;
  if (!wide && Math.max(border.top, border.bottom) <= height - most) return;
  throw new TransformError(
    `${name}: expected a padding that is smaller than the image (${height}×${width}) to mirror it`,
  );
}

/** Where in `length` pixels the pixel `at` of a border of a mode is taken from; −1 for nowhere. */
function source(at: number, length: number, mode: PaddingMode): number {
  if (at >= 0 && at < length) return at;
  if (mode === 'constant') return -1;
  if (mode === 'edge') return at < 0 ? 0 : length - 1;
  const edge = mode === 'reflect' ? 0 : 1;
  return at < 0 ? -at - edge : 2 * (length - 1) - at + edge;
}

/** The part of an image with a border that lies in a box; the border is made only where it is seen. */
export function cut(image: Planes, { top, left, height, width }: Box, padding: Padding): Planes {
  const { channels } = image;
  const { border, fill, mode } = padding;
  const data = new Uint8Array(channels * height * width);
  const columns = Int32Array.from({ length: width }, (_, x) =>
    source(left + x - border.left, image.width, mode),
  );
  const [first = 0] = columns;
  const straight = columns.every((column, x) => column === first + x && column >= 0);
  for (let c = 0; c < channels; c++) {
    const value = fill[c] ?? fill[0] ?? 0;
    for (let y = 0; y < height; y++) {
      const to = (c * height + y) * width;
      const row = source(top + y - border.top, image.height, mode);
      const from = (c * image.height + row) * image.width;
      if (row < 0) data.fill(value, to, to + width);
      else if (straight) data.set(image.data.subarray(from + first, from + first + width), to);
      else {
        for (let x = 0; x < width; x++) {
          const column = columns[x] ?? -1;
          data[to + x] = column < 0 ? value : (image.data[from + column] ?? 0);
        }
      }
    }
  }
  return { data, channels, height, width };
}

/** No border. */
export const noPadding: Padding = {
  border: { left: 0, top: 0, right: 0, bottom: 0 },
  fill: [0],
  mode: 'constant',
};

/** The image with a border. */
export function pad(image: Planes, padding: Padding): Planes {
  const { height, width } = paddedShape(image, padding.border);
  return cut(image, { top: 0, left: 0, height, width }, padding);
}

/** The image mirrored: left to right, or upside down. */
export function flip(image: Planes, sideways: boolean): Planes {
  const { channels, height, width } = image;
  const data = new Uint8Array(image.data.length);
  for (let row = 0; row < channels * height; row++) {
    const plane = row - (row % height);
    const from = (sideways ? row : plane + height - 1 - (row % height)) * width;
    const to = row * width;
    if (!sideways) data.set(image.data.subarray(from, from + width), to);
    else for (let x = 0; x < width; x++) data[to + x] = image.data[from + width - 1 - x] ?? 0;
  }
  return { data, channels, height, width };
}
