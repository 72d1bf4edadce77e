/** The eigenvalues of any square matrix, which may be complex: the QR algorithm with shifts (Francis, 1961). */
import { hessenberg } from './householder';
import type { Matrix } from './matrix';

/** A complex number. */
export type Complex = readonly [re: number, im: number];

const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const conjugate = ([a, b]: Complex): Complex => [a, -b];
const size = ([a, b]: Complex): number => Math.hypot(a, b);

/** The square root with a real part that is not negative. */
function root([a, b]: Complex): Complex {
  const length = Math.hypot(a, b);
  const re = Math.sqrt((length + Math.abs(a)) / 2);
  if (re === 0) return [0, 0];
  const im = b / (2 * re);
  return a >= 0 ? [re, im] : [Math.abs(im), b < 0 ? -re : re];
}

/** A complex matrix as rows. */
type Rows = Complex[][];

const at = (h: Rows, i: number, j: number): Complex => h[i]?.[j] ?? [0, 0];

function put(h: Rows, i: number, j: number, value: Complex): void {
  const row = h[i];
  if (row !== undefined) row[j] = value;
}

/** The eigenvalue of the last 2 × 2 block that is nearer to its last element (Wilkinson's shift). */
function shiftOf(h: Rows, end: number): Complex {
  const [a, b, c, d] = [at(h, end - 1, end - 1), at(h, end - 1, end), at(h, end, end - 1), at(h, end, end)];
  const half = times(minus(a, d), [0.5, 0]);
  const middle = times(plus(a, d), [0.5, 0]);
  const spread = root(plus(times(half, half), times(b, c)));
  const [first, second] = [plus(middle, spread), minus(middle, spread)];
  return size(minus(first, d)) < size(minus(second, d)) ? first : second;
}

/** One step on the block from `start` to `end`: H − s = Q R, then R Q + s. */
function step(h: Rows, start: number, end: number, shift: Complex): void {
  for (let i = start; i <= end; i++) put(h, i, i, minus(at(h, i, i), shift));
  const rotations: { readonly c: Complex; readonly s: Complex }[] = [];
  for (let k = start; k < end; k++) {
    const [x, y] = [at(h, k, k), at(h, k + 1, k)];
    const length = Math.hypot(size(x), size(y));
    const inverse: Complex = [length === 0 ? 0 : 1 / length, 0];
    const c: Complex = length === 0 ? [1, 0] : times(conjugate(x), inverse);
    const s: Complex = length === 0 ? [0, 0] : times(conjugate(y), inverse);
    rotations.push({ c, s });
    for (let j = k; j <= end; j++) {
      const [p, q] = [at(h, k, j), at(h, k + 1, j)];
      put(h, k, j, plus(times(c, p), times(s, q)));
      put(h, k + 1, j, minus(times(conjugate(c), q), times(conjugate(s), p)));
    }
  }
  rotations.forEach(({ c, s }, offset) => {
    const k = start + offset;
    for (let i = start; i <= Math.min(k + 2, end); i++) {
      const [p, q] = [at(h, i, k), at(h, i, k + 1)];
      put(h, i, k, plus(times(conjugate(c), p), times(conjugate(s), q)));
      put(h, i, k + 1, minus(times(c, q), times(s, p)));
    }
  });
  for (let i = start; i <= end; i++) put(h, i, i, plus(at(h, i, i), shift));
}

/** The eigenvalues of a square matrix, in no particular order. */
export function eigenvaluesOf(matrix: Matrix): Complex[] {
  const reduced = hessenberg(matrix);
  const n = matrix.rows;
  const h: Rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_column, j): Complex => [reduced.at(i, j), 0]),
  );
  const values: Complex[] = [];
  const scale = Math.hypot(...matrix.data);
  let [end, tries] = [n - 1, 0];
  while (end >= 0) {
    let start = end;
    while (start > 0) {
      const near = size(at(h, start, start)) + size(at(h, start - 1, start - 1));
      if (!(size(at(h, start, start - 1)) > 1e-16 * (near === 0 ? scale : near))) break;
      start--;
    }
    if (start === end || tries > 300) {
      values.push(at(h, end, end));
      [end, tries] = [end - 1, 0];
      continue;
    }
    tries++;
    // Now and then another shift, for those that go round in circles.
    const shift = tries % 11 === 10 ? times(at(h, end, end - 1), [1, 0.5]) : shiftOf(h, end);
    step(h, start, end, shift);
  }
  // What is real was computed with imaginary parts that are rounding.
  return values.map(([re, im]): Complex => [re, Math.abs(im) <= 1e-13 * scale ? 0 : im]);
}
