/** Random places, drawn as likely as weights say. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { defaultGenerator, type Generator } from '../../random/generator';
import { hostInput } from '../../runtime/trace';
import { numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';

/** Numbers with the density e⁻ˣ. */
function exponential(shape: Shape, like: Tensor, generator: Generator): Tensor {
  const count = numel(shape);
  return hostInput({ shape, dtype: 'float32' }, like.device, (target, start) => {
    if (target instanceof BigInt64Array) return;
    for (let i = start; i < start + count; i++) target[i] = -Math.log(1 - generator.uniform());
  });
}

function checkWeights(self: Tensor, count: number, replacement: boolean): void {
  if (self.ndim !== 1 && self.ndim !== 2) throw new EngineError('prob_dist must be 1 or 2 dim');
  if (!isFloating(self.dtype)) {
    throw new EngineError(`multinomial only supports floating-point dtypes for input, got: ${self.dtype}`);
  }
  if (!(count > 0)) throw new EngineError('cannot sample n_sample <= 0 samples');
  if (!replacement && count > self.size(-1)) {
    throw new EngineError('cannot sample n_sample > prob_dist.size(-1) samples without replacement');
  }
  const classes = self.size(-1);
  const known = Array.from(self.expr.buffer?.host ?? [], Number);
  if (known.some(weight => !(weight >= 0 && weight < Number.POSITIVE_INFINITY))) {
    throw new EngineError('probability tensor contains either `inf`, `nan` or element < 0');
  }
  for (let row = 0; row < known.length; row += classes) {
    if (known.slice(row, row + classes).every(weight => weight === 0)) {
      throw new EngineError('invalid multinomial distribution (sum of probabilities <= 0)');
    }
  }
}

/**
 * For each row of weights, `numSamples` random indices, each as likely as its weight says; without `replacement` no
 * index twice. The index whose weight is largest when divided by an exponential random number is such a draw, and the
 * largest few are draws without replacement (Efraimidis and Spirakis, 2006).
 */
export function multinomial(
  self: Tensor,
  numSamples: number,
  replacement = false,
  { generator = defaultGenerator }: { readonly generator?: Generator } = {},
): Tensor {
  checkWeights(self, numSamples, replacement);
  const weights = self.detach();
  if (!replacement) {
    const keys = weights.div(exponential(self.shape, self, generator));
    return keys.topk(numSamples, -1).indices;
  }
  const shape = [...self.shape.slice(0, -1), numSamples, self.size(-1)];
  return weights
    .unsqueeze(-2)
    .div(exponential(shape, self, generator))
    .argmax(-1);
}

defineMethods({ multinomial });
defineSignatures(`
  multinomial(self, num_samples, replacement)
`);

declare module '../../tensor' {
  interface Tensor {
    /** For each row of weights, `numSamples` random indices, each as likely as its weight says. */
    multinomial(
      numSamples: number,
      replacement?: boolean,
      options?: { readonly generator?: Generator },
    ): Tensor;
  }
}
