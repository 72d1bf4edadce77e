/**
 * Moving the pixels of an image by an affine map, as PIL does it for torchvision: the same arithmetic, so the same bytes.
 */
import type { Planes } from './transform';

/** How a pixel between others comes about. */
export const interpolations = ['nearest', 'bilinear'] as const;

/** How a pixel between others comes about. */
export type Interpolation = (typeof interpolations)[number];

/** Where the pixel (x, y) of the result comes from: (a·x + b·y + c, d·x + e·y + f). */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** How an image is moved. */
export interface Move {
  readonly matrix: Matrix;
  readonly interpolation: Interpolation;
  /** What empty places are filled with: a value for each channel, or one for all. */
  readonly fill: readonly number[];
}

/** For each pixel of the result the place of the nearest one in a plane of the source; −1 for none. */
function nearestPlaces({ height, width }: Planes, [a, b, c, d, e, f]: Matrix): Int32Array {
  const places = new Int32Array(height * width).fill(-1);
  if (b === 0 && d === 0) {
    for (let y = 0, at = 0, down = f + e * 0.5; y < height; y++, down += e) {
      for (let x = 0, across = c + a * 0.5; x < width; x++, at++, across += a) {
        if (across < 0 || across >= width || down < 0 || down >= height) continue;
        places[at] = Math.trunc(down) * width + Math.trunc(across);
      }
    }
    return places;
  }
  // In fixed point with 16 bits behind it.
  const fix = (value: number) => Math.floor(value * 65536 + 0.5);
  const [stepAcross, stepDown] = [fix(a), fix(d)];
  let startAcross = fix(c + a * 0.5 + b * 0.5);
  let startDown = fix(f + d * 0.5 + e * 0.5);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0, across = startAcross, down = startDown; x < width; x++, at++) {
      const column = across >> 16;
      const row = down >> 16;
      if (column >= 0 && column < width && row >= 0 && row < height) places[at] = row * width + column;
      across += stepAcross;
      down += stepDown;
    }
    startAcross += fix(b);
    startDown += fix(e);
  }
  return places;
}

function moveNearest(image: Planes, { matrix, fill }: Move): Uint8Array {
  const places = nearestPlaces(image, matrix);
  const area = places.length;
  const out = new Uint8Array(image.channels * area);
  for (let channel = 0; channel < image.channels; channel++) {
    const value = fill[channel] ?? fill[0] ?? 0;
    const start = channel * area;
    for (let i = 0; i < area; i++) {
      const place = places[i] ?? -1;
      out[start + i] = place < 0 ? value : (image.data[start + place] ?? 0);
    }
  }
  return out;
}

function moveBilinear(image: Planes, { matrix: [a, b, c, d, e, f], fill }: Move): Uint8Array {
  const { data, channels, height, width } = image;
  const area = height * width;
  const out = new Uint8Array(channels * area);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const across = a * (x + 0.5) + b * (y + 0.5) + c;
      const down = d * (x + 0.5) + e * (y + 0.5) + f;
      const inside = across >= 0 && across < width && down >= 0 && down < height;
      const column = Math.floor(across - 0.5);
      const row = Math.floor(down - 0.5);
      const dx = across - 0.5 - column;
      const dy = down - 0.5 - row;
      const left = Math.max(column, 0);
      const right = column + 1 < width ? column + 1 : width - 1;
      const upper = row < 0 ? 0 : row * width;
      const lower = row + 1 < height ? (row + 1) * width : upper;
      for (let channel = 0; channel < channels; channel++) {
        const start = channel * area;
        if (!inside) {
          out[start + at] = fill[channel] ?? fill[0] ?? 0;
          continue;
        }
        const upperLeft = data[start + upper + left] ?? 0;
        const lowerLeft = data[start + lower + left] ?? 0;
        const v1 = upperLeft + ((data[start + upper + right] ?? 0) - upperLeft) * dx;
        const v2 = lowerLeft + ((data[start + lower + right] ?? 0) - lowerLeft) * dx;
        out[start + at] = Math.trunc(v1 + (v2 - v1) * dy);
      }
    }
  }
  return out;
}

/** The image moved; it keeps its size. */
export function moveImage(image: Planes, move: Move): Planes {
  const data = move.interpolation === 'nearest' ? moveNearest(image, move) : moveBilinear(image, move);
  return { ...image, data };
}
