/** Which names of a line are given a value. */
import { describe, expect, it } from 'vitest';
import { isAssigned } from '../../../src/extension/python/assignments';

/** Whether the first `name` of a line is assigned. */
function assigned(line: string, name: string): boolean {
  const from = line.search(new RegExp(String.raw`\b${name.replace('.', '\\.')}\b`));
  return isAssigned(line, from, from + name.length);
}

describe('an assignment', () => {
  it.each([
    ['x = f(y)', 'x'],
    ['    self.w = y', 'self.w'],
    ['x: Tensor = y', 'x'],
    ['a, b = f()', 'a'],
    ['a, b = f()', 'b'],
    ['(a, b), c = f()', 'b'],
    ['for images, labels in loader:', 'images'],
    ['for i, (x, y) in enumerate(loader):', 'y'],
  ])('%s gives a value to %s', (line, name) => expect(assigned(line, name)).toBe(true));

  it('is found in a moment in a line with very many names', () => {
    const names = Array.from({ length: 2000 }, (_, i) => `v${i}`).join(',  ');
    expect(assigned(`${' '.repeat(2000)}${names} = f() ;`, 'v1999')).toBe(true);
    expect(assigned(`${names} ; x = y`, 'x')).toBe(false);
  });

  it.each([
    ['x == y', 'x'],
    ['z = x', 'x'],
    ['f(x=1)', 'x'],
    ['x += 1', 'x'],
    ['print(x)', 'x'],
    ['for a in b:', 'b'],
    ['if x in y:', 'x'],
    ['return x', 'x'],
  ])('%s gives none to %s', (line, name) => expect(assigned(line, name)).toBe(false));
});
