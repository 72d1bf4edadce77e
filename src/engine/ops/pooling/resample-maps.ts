/**
 * Linear maps along one dimension: averages over windows and interpolation. Each is written as a matrix whose row y says
 * of what output y is made; what is done to several dimensions is one such map after the other.
 */

/** Averages over windows: `include` says that padding counts. */
type Windows = {
  kind: 'windows';
  kernel: number;
  stride: number;
  padding: number;
  include: boolean;
  /** Divides by this instead of by the number of elements; 0 for none. */
  divisor: number;
};

/** Averages over equal shares of the input. */
type Shares = { kind: 'shares' };

/** Interpolation: input places are `scale` apart. */
type Interpolation = {
  kind: 'nearest' | 'nearest-exact' | 'linear' | 'cubic';
  scale: number;
  alignCorners: boolean;
};

/** A map from `input` elements to `output`. */
export type AxisMap = { input: number; output: number } & (Windows | Shares | Interpolation);

/** What one output is made of: places of the input and their weights. */
type Terms = readonly (readonly [place: number, weight: number])[];

const between = (start: number, end: number, weight: number): Terms =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => [start + i, weight]);

function windowTerms(map: Windows & { input: number }, y: number): Terms {
  const { input, kernel, stride, padding, include, divisor } = map;
  const first = y * stride - padding;
  const end = Math.min(first + kernel, input + padding);
  const [from, to] = [Math.max(first, 0), Math.min(end, input)];
  return between(from, to, 1 / (divisor !== 0 ? divisor : include ? end - first : to - from));
}

/** The place in the input that output `y` stands for. */
function sourcePlace({ kind, scale, alignCorners }: Interpolation, y: number): number {
  if (kind === 'nearest' || alignCorners) return y * scale;
  return kind === 'nearest-exact' ? (y + 0.5) * scale : (y + 0.5) * scale - 0.5;
}

/** Keys' cubic convolution with a = −0.75. */
function cubicWeight(distance: number): number {
  const [a, x] = [-0.75, Math.abs(distance)];
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
}

function interpolationTerms(map: Interpolation & { input: number; output: number }, y: number): Terms {
  const { kind, input, output, scale } = map;
  const last = input - 1;
  if (kind === 'nearest' || kind === 'nearest-exact') {
    return [[Math.min(Math.floor(Math.fround(sourcePlace(map, y))), last), 1]];
  }
  if (kind === 'linear') {
    if (input === output && scale === 1) return [[y, 1]];
    const place = Math.max(0, sourcePlace(map, y));
    const low = Math.min(Math.floor(place), last);
    const share = Math.min(Math.max(place - low, 0), 1);
    return [
      [low, 1 - share],
      [Math.min(low + 1, last), share],
    ];
  }
  const place = sourcePlace(map, y);
  const low = Math.floor(place);
  return [-1, 0, 1, 2].map(i => [Math.min(Math.max(low + i, 0), last), cubicWeight(place - low - i)]);
}

function termsOf(map: AxisMap, y: number): Terms {
  if (map.kind === 'windows') return windowTerms(map, y);
  if (map.kind !== 'shares') return interpolationTerms(map, y);
  const from = Math.floor((y * map.input) / map.output);
  const to = Math.ceil(((y + 1) * map.input) / map.output);
  return between(from, to, 1 / (to - from));
}

/** The matrix [output, input] of a map, row-major; [input, output] where it is transposed. */
export function matrixOf(map: AxisMap, transposed: boolean): Float64Array {
  const { input, output } = map;
  const matrix = new Float64Array(input * output);
  for (let y = 0; y < output; y++) {
    for (const [place, weight] of termsOf(map, y)) {
      const at = transposed ? place * output + y : y * input + place;
      matrix[at] = (matrix[at] ?? 0) + weight;
    }
  }
  return matrix;
}

/** For a map whose outputs are each one input: which one. */
export function pickedBy(map: AxisMap): number[] | undefined {
  if (map.kind !== 'nearest' && map.kind !== 'nearest-exact') return undefined;
  return Array.from({ length: map.output }, (_, y) => termsOf(map, y)[0]?.[0] ?? 0);
}
