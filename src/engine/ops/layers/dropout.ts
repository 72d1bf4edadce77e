/** Dropout: zeros at random places in training, nothing in evaluation. */
import { EngineError } from '../../errors';
import { defaultGenerator, type Generator } from '../../random/generator';
import { hostInput } from '../../runtime/trace';
import { numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { inPlace } from '../apply';

/** Throws if `p` is no probability. */
export function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new EngineError(`dropout probability has to be between 0 and 1, but got ${p}`);
  }
}

/**
 * In training, each element is zero with probability `p` and the others are divided by 1 − p, so that the
 * expected value stays (Srivastava et al., 2014).
 */
export function dropout(
  input: Tensor,
  p = 0.5,
  training = true,
  generator: Generator = defaultGenerator,
): Tensor {
  return masked(input, input.shape, [p, training, generator]);
}

/** As {@link dropout}, for whole channels of each sample [N, C, …]. */
export function dropout2d(
  input: Tensor,
  p = 0.5,
  training = true,
  generator: Generator = defaultGenerator,
): Tensor {
  const shape = input.shape.map((size, i) => (i < 2 ? size : 1));
  return masked(input, shape, [p, training, generator]);
}

/** Overwrites a tensor with its {@link dropout}. */
export const dropout_ = (input: Tensor, ...settings: DropoutSettings): Tensor =>
  overwritten(input, dropout(input, ...settings));

/** Overwrites a tensor with its {@link dropout2d}. */
export const dropout2d_ = (input: Tensor, ...settings: DropoutSettings): Tensor =>
  overwritten(input, dropout2d(input, ...settings));

/** In evaluation nothing is dropped, and nothing changes. */
const overwritten = (input: Tensor, dropped: Tensor): Tensor =>
  dropped === input ? input : inPlace(input, () => dropped);

type DropoutSettings = [p?: number, training?: boolean, generator?: Generator];

/** The input times a mask of a shape that is stretched to its own. */
function masked(
  input: Tensor,
  shape: Shape,
  [p, training, generator]: readonly [number, boolean, Generator],
): Tensor {
  checkProbability(p);
  if (!training || p === 0) return input;
  const { dtype, device } = input;
  const count = numel(shape);
  const kept = p === 1 ? 0 : 1 / (1 - p);
  const mask = hostInput({ shape, dtype }, device, (target, start) => {
    if (target instanceof BigInt64Array) return;
    for (let i = start; i < start + count; i++) target[i] = generator.uniform() < p ? 0 : kept;
  });
  return input.mul(mask);
}
