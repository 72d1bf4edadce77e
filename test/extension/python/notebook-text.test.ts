/** Cells of a notebook as one text. */
import { describe, expect, it } from 'vitest';
import { cellOf, joinCells } from '../../../src/extension/python/notebook-text';
import { analyse } from '../../../src/python';

const joined = joinCells([
  { uri: 'a', text: '%matplotlib inline\nimport torch' },
  { uri: 'b', text: '%%bash\nls' },
  { uri: 'c', text: 'x = torch.zeros(3, 4)\n!pip install torch\ny = x.sum(0)' },
]);

describe('cells', () => {
  it('are one text in which later ones know what earlier ones define', () => {
    const { occurrences } = analyse(joined.text, { budget: 5000 });
    const y = occurrences.find(({ text }) => text === 'y');
    expect(y?.shapes).toEqual([[4]]);
    expect(cellOf(joined, (y?.range.start.line ?? 0) - 1)).toEqual({ uri: 'c', line: 2 });
  });

  it('keep every line and column', () => {
    expect(joined.text.split('\n').map(line => line.length)).toEqual([18, 12, 6, 2, 21, 18, 12]);
    expect(cellOf(joined, 0)).toEqual({ uri: 'a', line: 0 });
    expect(cellOf(joined, 3)).toEqual({ uri: 'b', line: 1 });
    expect(cellOf(joined, 7)).toBeUndefined();
  });
});
