/** Losses and gradients of modules of Python files against PyTorch's, from equal weights (test/accept/train). */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { casesIn, compareSteps } from '../accept/train/module-step';

describe('two steps as PyTorch takes them', () => {
  test.each(casesIn(path.join(import.meta.dirname, '../accept/train')))('of $title', async one => {
    const outcomes = await compareSteps(one);
    expect(Math.max(...outcomes.map(({ difference }) => difference)), JSON.stringify(outcomes)).toBeLessThan(
      1e-4,
    );
    expect(Math.max(...outcomes.map(({ own }) => own)), JSON.stringify(outcomes)).toBeLessThan(1e-3);
  });
});
