/**
 * A slice of the samples of PyTorch's own tests: some of every entry that the engine has, as PyTorch answered them
 * (test/accept/slice.ts wrote the files). `npm run accept:torch` asks all of them.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { keptModules, keptOperations } from '../accept/kept-samples';
import { moduleDisagreement } from '../accept/module-sample';
import { type Attempt, attempt, computeAll, disagreement } from '../accept/sample';
import { nameOf } from '../accept/score';
import { onBothExecutors } from './executors';

const operations = [...keptOperations().values()].flat();
const modules = keptModules();

/** PyTorch adds up in float32; the reference, in float64, is further from it than the tolerance. */
const rounded = new Set(['bmm float32 0']);

onBothExecutors(spelling => {
  describe('operations', () => {
    const attempts: Attempt[] = [];
    beforeAll(async () => {
      attempts.push(...operations.map(sample => attempt(sample, spelling)));
      for (let i = 0; i < attempts.length; i += 150) await computeAll(attempts.slice(i, i + 150));
    }, 120_000);

    it('there are samples of everything', () => expect(operations.length).toBeGreaterThan(900));

    operations.forEach((sample, i) => {
      it.skipIf(spelling === 'function' && rounded.has(nameOf(sample)))(nameOf(sample), async () => {
        const made = attempts[i];
        expect(made && (await disagreement(made))).toBeUndefined();
      });
    });
  });

  describe('modules', () => {
    it('there are samples of everything', () => expect(modules.length).toBeGreaterThanOrEqual(45));

    for (const sample of modules) {
      const mode = sample.training ? 'training' : 'evaluation';
      it(`${nameOf(sample)} in ${mode}`, async () => {
        expect(await moduleDisagreement(sample)).toBeUndefined();
      });
    }
  });
});
