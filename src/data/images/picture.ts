/** A decoded image as it lies in memory, and how it becomes 8-bit grey or RGB as PIL's `convert` does it. */

/** Pixels that an image has at most: above, PIL too speaks of a decompression bomb. */
export const MOST_PIXELS = 89_478_485;

/** Pixels row by row, the channels of one pixel side by side. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** 8 or 16 bits a channel. */
  readonly data: Uint8Array | Uint16Array;
}

/** How many channels a data set's images have: 1 for grey, 3 for RGB. */
export type Channels = 1 | 3;

/** Whether all pixels are grey, however they are stored. */
export function isGrey({ channels, data }: Picture): boolean {
  if (channels < 3) return true;
  for (let i = 0; i < data.length; i += channels) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

/**
 * The picture in 8 bits, grey or RGB, rows of interleaved channels. Alpha is dropped, as PIL's
 * `convert('RGB')` drops it; of 16 bits the upper 8 are kept.
 */
export function convert(picture: Picture, channels: Channels): Uint8Array {
  const eight = toBytes(picture.data);
  if (picture.channels === channels) return eight;
  const pixels = picture.width * picture.height;
  const out = new Uint8Array(pixels * channels);
  const step = picture.channels;
  const grey = step < 3;
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = [eight[i * step] ?? 0, eight[i * step + 1] ?? 0, eight[i * step + 2] ?? 0];
    if (channels === 1) out[i] = grey ? r : luma(r, g, b);
    else {
      out[3 * i] = r;
      out[3 * i + 1] = grey ? r : g;
      out[3 * i + 2] = grey ? r : b;
    }
  }
  return out;
}

/** ITU-R 601-2 luma in the fixed-point arithmetic of PIL's `convert('L')`. */
export function luma(r: number, g: number, b: number): number {
  return (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
}

function toBytes(data: Uint8Array | Uint16Array): Uint8Array {
  return data instanceof Uint8Array ? data : Uint8Array.from(data, value => value >> 8);
}

/** From interleaved channels to one plane after the other (torchvision's H×W×C to C×H×W), into `target`. */
export function toPlanes(interleaved: Uint8Array, channels: Channels, target: Uint8Array, at: number): void {
  if (channels === 1) {
    target.set(interleaved, at);
    return;
  }
  const pixels = interleaved.length / 3;
  for (let i = 0; i < pixels; i++) {
    target[at + i] = interleaved[3 * i] ?? 0;
    target[at + pixels + i] = interleaved[3 * i + 1] ?? 0;
    target[at + 2 * pixels + i] = interleaved[3 * i + 2] ?? 0;
  }
}
