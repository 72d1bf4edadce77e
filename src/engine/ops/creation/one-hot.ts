/** Labels as rows with a single 1. */
import { EngineError } from '../../errors';
import { evaluate } from '../../runtime/evaluate';
import type { Tensor } from '../../tensor';
import { defineSignatures } from '../signatures';
import { arange } from './creation';

/**
 * For each label a row with 1 at its place and 0 elsewhere: [*] → [*, numClasses].
 * @param numClasses one more than the largest label by default, which then has to be known at once
 */
export function oneHot(self: Tensor, numClasses = -1): Tensor {
  if (self.dtype !== 'int64') throw new EngineError('one_hot is only applicable to index tensor.');
  const known = Array.from(
    numClasses === -1 ? evaluate(self, 'one_hot') : (self.expr.buffer?.host ?? []),
    Number,
  );
  if (known.length === 0 && self.numel() === 0 && numClasses <= 0) {
    throw new EngineError('Can not infer total number of classes from empty tensor.');
  }
  if (known.some(label => label < 0)) throw new EngineError('Class values must be non-negative.');
  const largest = known.reduce((a, b) => Math.max(a, b), -1);
  if (numClasses !== -1 && largest >= numClasses) {
    throw new EngineError('Class values must be smaller than num_classes.');
  }
  const classes = numClasses === -1 ? largest + 1 : numClasses;
  return self
    .unsqueeze(-1)
    .eq(arange(0, classes, 1, { device: self.device }))
    .to('int64');
}

defineSignatures(`
  one_hot(self, num_classes)
`);
