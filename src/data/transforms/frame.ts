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

/** Where in `length` pixels the pixel `at` of a border of a mode is taken from. */
function source(at: number, length: number, mode: PaddingMode): number {
  if (at >= 0 && at < length) return at;
  if (mode === 'edge') return at < 0 ? 0 : length - 1;
  const edge = mode === 'reflect' ? 0 : 1;
  return at < 0 ? -at - edge : 2 * (length - 1) - at + edge;
}

/** The part of an image with a border that lies in a box; the border is made only where it is seen. */
export function cut(image: Planes, box: Box, padding: Padding): Planes {
  const { height, width } = box;
  const data = new Uint8Array(image.channels * height * width);
  if (padding.mode === 'constant') cutConstant(image, box, padding, data);
  else cutMirrored(image, box, padding, data);
  return { data, channels: image.channels, height, width };
}

/** Rows are copied as far as the image goes; what is left is filled. */
function cutConstant(
  image: Planes,
  { top, left, height, width }: Box,
  { border, fill }: Padding,
  data: Uint8Array,
): void {
  const [x0, y0] = [left - border.left, top - border.top];
  const [first, last] = [Math.max(0, x0), Math.min(image.width, x0 + width)];
  for (let c = 0; c < image.channels; c++) {
    const value = fill[c] ?? fill[0] ?? 0;
    if (value !== 0) data.fill(value, c * height * width, (c + 1) * height * width);
    for (let y = Math.max(0, -y0); y < height && y0 + y < image.height && first < last; y++) {
      const from = (c * image.height + y0 + y) * image.width;
      data.set(image.data.subarray(from + first, from + last), (c * height + y) * width + first - x0);
    }
  }
}

function cutMirrored(
  image: Planes,
  { top, left, height, width }: Box,
  { border, mode }: Padding,
  data: Uint8Array,
): void {
  const columns = Int32Array.from({ length: width }, (_, x) =>
    source(left + x - border.left, image.width, mode),
  );
  for (let c = 0; c < image.channels; c++) {
    for (let y = 0; y < height; y++) {
      const from = (c * image.height + source(top + y - border.top, image.height, mode)) * image.width;
      const to = (c * height + y) * width;
      for (let x = 0; x < width; x++) data[to + x] = image.data[from + (columns[x] ?? 0)] ?? 0;
    }
  }
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
