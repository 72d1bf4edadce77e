/** Scripts with one planted shape error each: it is found where PyTorch fails (test/accept/hover/mutants.py). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { analyse } from '../../src/python';

const folder = path.join(import.meta.dirname, '../accept/hover');
const mutants = z
  .array(z.object({ script: z.string(), find: z.string(), replace: z.string(), line: z.number() }))
  .parse(JSON.parse(readFileSync(path.join(folder, 'mutants.json'), 'utf8')));

describe('planted errors', () => {
  it('are forty or more', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40);
  });

  it.each(mutants)('in $script: $replace', ({ script, find, replace, line }) => {
    const text = readFileSync(path.join(folder, 'scripts', `${script}.py`), 'utf8');
    const { diagnostics } = analyse(
      text.replace(find, () => replace),
      { budget: 20_000 },
    );
    expect(diagnostics.map(({ range }) => range.start.line)).toContain(line);
  });
});
