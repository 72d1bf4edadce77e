/** Numbers at equal distances, and their powers. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { fromArray, type TensorOptions } from './creation';

/** `steps` numbers from `start` to `end`; the second half is counted from the end, as in PyTorch. */
function evenly(start: number, end: number, steps: number, round: (x: number) => number): Float64Array {
  if (!Number.isInteger(steps) || steps < 0) {
    throw new EngineError(`number of steps must be non-negative, but got ${steps}`);
  }
  const step = round((end - start) / Math.max(steps - 1, 1));
  return Float64Array.from({ length: steps }, (_, i) =>
    i < Math.floor(steps / 2) || steps === 1 ? round(start + step * i) : round(end - step * (steps - 1 - i)),
  );
}

/** `steps` numbers in the type of the result; integers start and end at integers. */
function spaced(
  start: number,
  end: number,
  steps: number,
  { dtype = 'float32' }: TensorOptions,
): Float64Array {
  if (!isFloating(dtype)) return evenly(Math.trunc(start), Math.trunc(end), steps, x => x);
  return evenly(start, end, steps, dtype === 'float64' ? x => x : Math.fround);
}

/** `steps` numbers at equal distances, the first `start` and the last `end`. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  const numbers = spaced(start, end, steps, options);
  return fromArray(numbers, [steps], { dtype: 'float32', ...options });
}

/** Powers of `base`; their exponents are at equal distances, the first `start` and the last `end`. */
export function logspace(
  start: number,
  end: number,
  steps: number,
  base = 10,
  options: TensorOptions = {},
): Tensor {
  const exponents = spaced(start, end, steps, options);
  const powers = exponents.map(x => base ** x);
  return fromArray(isFloating(options.dtype ?? 'float32') ? powers : powers.map(Math.trunc), [steps], {
    dtype: 'float32',
    ...options,
  });
}
