/** Dropout: zeros at random places in training, nothing in evaluation. */
import { EngineError } from '../errors';
import { defaultGenerator, type Generator } from '../random/generator';
import { hostInput } from '../runtime/trace';
import { numel } from '../shape';
import type { Tensor } from '../tensor';

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
  checkProbability(p);
  if (!training || p === 0) return input;
  const { shape, dtype, device } = input;
  const count = numel(shape);
  const kept = p === 1 ? 0 : 1 / (1 - p);
  const mask = hostInput({ shape, dtype }, device, (target, start) => {
    if (target instanceof BigInt64Array) return;
    for (let i = start; i < start + count; i++) target[i] = generator.uniform() < p ? 0 : kept;
  });
  return input.mul(mask);
}
