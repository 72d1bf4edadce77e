/** What hovers say, from readings of real source. */
import { describe, expect, it } from 'vitest';
import { hoverText } from '../../../src/extension/python/hover-text';
import { answerSchema } from '../../../src/extension/python/reading-contract';
import { analyse } from '../../../src/python';

/** The hover of the first occurrence of `text` in a line of the source. */
function hoverOf(source: string, line: number, text: string): string | undefined {
  const { analysis } = answerSchema.parse({ id: 1, analysis: analyse(source, { budget: 5000 }) });
  const found = analysis.occurrences.find(one => one.range.start.line === line && one.text === text);
  return found === undefined ? undefined : hoverText(found, analysis.modules);
}

const source = `import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 30)
        self.out = nn.Linear(30, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        h = torch.relu(self.hidden(x))
        return self.out(h)

model = Net()
images = torch.randn(64, 1, 28, 28)
scores = model(images)
`;

describe('the hover', () => {
  it('says shape, type, gradient and how a tensor came about', () => {
    const text = hoverOf(source, 17, 'scores') ?? '';
    expect(text).toContain('**Tensor** `scores` `[64, 10]`');
    expect(text).toContain('`float32`');
    expect(text).toContain('`grad_fn` `AddmmBackward0`');
    const flat = hoverOf(source, 11, 'x') ?? '';
    expect(flat.replaceAll('\u00a0', ' ')).toContain('`[64, 1, 28, 28]` → `flatten(1)` → `[64, 784]`');
  });

  it('says what a module learns, layer by layer', () => {
    const text = hoverOf(source, 15, 'model') ?? '';
    expect(text).toContain('**Module** `model`');
    expect(text).toContain('23,860 parameters');
    expect(text).toContain('[64, 1, 28, 28] → [64, 10]');
    expect(text).toContain('| `hidden` | `Linear` | `weight [30, 784], bias [30]` | `[64, 30]` |');
  });

  it('keeps a name of the file within its cell of a table', () => {
    const named = `import torch.nn as nn
m = nn.Sequential(nn.ModuleDict({'a|![](https://example.com/x)|b': nn.Linear(1, 1)}))
`;
    const text = hoverOf(named, 2, 'm') ?? '';
    expect(text).toContain(String.raw`a\|![](https://example.com/x)\|b`);
  });

  it('shows text of the file as it is, and never as a link or an image', () => {
    const hostile = `import torch
x = [torch.zeros(2)][0 if "\`![a](command:evil)" else 0]
`;
    const { analysis } = answerSchema.parse({ id: 1, analysis: analyse(hostile, { budget: 5000 }) });
    for (const one of analysis.occurrences) {
      const text = hoverText(one, analysis.modules);
      // Whatever looks like a link stands within a fence of more ticks than are in it.
      if (text.includes('](')) expect(text).toMatch(/``+ .*\]\(.* ``+/);
    }
    expect(analysis.occurrences.length).toBeGreaterThan(0);
  });
});
