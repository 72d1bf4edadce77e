/**
 * Resizing 8-bit pixels with a bilinear filter that widens when it shrinks (antialiasing), as torchvision's
 * `Resize` does through PIL: the same fixed-point arithmetic, so the same bytes.
 */

/** Bits behind the point of a coefficient. */
const PRECISION = 22;

/** For each pixel of the result, the first one of the source that counts, and the weights from there on. */
interface Weights {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** `width` of them for each pixel of the result. */
  readonly values: Int32Array;
  readonly width: number;
}

const known = new Map<string, Weights>();

function weightsOf(from: number, to: number): Weights {
  const key = `${from} ${to}`;
  let weights = known.get(key);
  if (weights === undefined) {
    if (known.size > 500) known.clear();
    weights = computeWeights(from, to);
    known.set(key, weights);
  }
  return weights;
}

function computeWeights(from: number, to: number): Weights {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const width = 2 * Math.ceil(support) + 1;
  const [first, counts, values] = [new Int32Array(to), new Int32Array(to), new Int32Array(to * width)];
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(center - support + 0.5));
    const n = Math.min(from, Math.trunc(center + support + 0.5)) - begin;
    const raw = Array.from({ length: n }, (_, x) =>
      Math.max(0, 1 - Math.abs((x + begin - center + 0.5) / support)),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    first[i] = begin;
    counts[i] = n;
    raw.forEach((weight, x) => {
      values[i * width + x] = Math.trunc(0.5 + (weight / sum) * 2 ** PRECISION);
    });
  }
  return { first, counts, values, width };
}

/** Sizes in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Resizes interleaved pixels. What has the size already is given back as it is. */
export function resize(data: Uint8Array, from: Size, to: Size, channels: number): Uint8Array {
  const wide = from.width === to.width ? data : resizeRows(data, from, to.width, channels);
  return from.height === to.height ? wide : resizeColumns(wide, from.height, to, channels);
}

function resizeRows(data: Uint8Array, { width, height }: Size, to: number, channels: number): Uint8Array {
  const weights = weightsOf(width, to);
  const out = new Uint8Array(to * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < to; x++) {
      const start = y * width + (weights.first[x] ?? 0);
      const n = weights.counts[x] ?? 0;
      for (let c = 0; c < channels; c++) {
        let sum = 1 << (PRECISION - 1);
        for (let k = 0; k < n; k++) {
          sum += (data[(start + k) * channels + c] ?? 0) * (weights.values[x * weights.width + k] ?? 0);
        }
        out[(y * to + x) * channels + c] = clip(sum);
      }
    }
  }
  return out;
}

function resizeColumns(
  data: Uint8Array,
  from: number,
  { width, height }: Size,
  channels: number,
): Uint8Array {
  const weights = weightsOf(from, height);
  const stride = width * channels;
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const start = (weights.first[y] ?? 0) * stride;
    const n = weights.counts[y] ?? 0;
    for (let x = 0; x < stride; x++) {
      let sum = 1 << (PRECISION - 1);
      for (let k = 0; k < n; k++) {
        sum += (data[start + k * stride + x] ?? 0) * (weights.values[y * weights.width + k] ?? 0);
      }
      out[y * stride + x] = clip(sum);
    }
  }
  return out;
}

function clip(sum: number): number {
  return Math.min(255, Math.max(0, sum >> PRECISION));
}
