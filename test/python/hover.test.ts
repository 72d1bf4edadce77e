/** The shapes that are read in scripts like those of tutorials, against those that PyTorch had (test/accept/hover). */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptsIn } from '../accept/hover/files';
import { score } from '../accept/hover/score';

describe('shapes as PyTorch has them', () => {
  it.each(scriptsIn(path.join(import.meta.dirname, '../accept/hover')))('in $name', ({ text, traces }) => {
    const { occurrences, hovers, wrong } = score(text, traces);
    expect(wrong).toEqual([]);
    expect(hovers).toBeGreaterThanOrEqual(0.92 * occurrences);
  });
});
