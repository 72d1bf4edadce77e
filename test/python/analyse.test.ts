/** Shapes read from Python source. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/python';

/** The shapes of each variable of a text, by its line and name. */
function shapesIn(text: string): Record<string, unknown> {
  const found = analyse(text, { budget: 5000 }).occurrences.filter(
    one => one.variable && one.kind === 'tensor',
  );
  return Object.fromEntries(found.map(one => [`${one.range.start.line} ${one.text}`, one.shapes]));
}

describe('shapes of tensors', () => {
  it('follows a batch of MNIST and the smaller last one through a network', () => {
    const shapes = shapesIn(`import torch.nn as nn
from torchvision import datasets, transforms
from torch.utils.data import DataLoader
data = datasets.MNIST('.', transform=transforms.ToTensor())
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
for images, labels in DataLoader(data, batch_size=64):
    scores = model(images)
`);
    expect(shapes['6 images']).toEqual([
      [64, 1, 28, 28],
      [32, 1, 28, 28],
    ]);
    expect(shapes['6 labels']).toEqual([[64], [32]]);
    expect(shapes['7 scores']).toEqual([
      [64, 10],
      [32, 10],
    ]);
  });

  it('keeps a size that is not known as a symbol', () => {
    const shapes = shapesIn(`import torch
x = torch.randn(100, 3)
few = x[x[:, 0] > 0]
both = torch.cat([few, few])
`);
    expect(shapes['3 few']).toEqual([[expect.any(String), 3]]);
    expect(shapes['4 both']).toEqual([[expect.stringMatching(/^2\*/), 3]]);
  });

  it('understands a forward that nobody calls from its first layer', () => {
    const shapes = shapesIn(`import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 30)
    def forward(self, x):
        h = self.first(x).relu()
        return h
`);
    expect(shapes['6 x']).toEqual([['B', 784]]);
    expect(shapes['7 h']).toEqual([['B', 30]]);
  });

  it('joins both ways of a branch whose condition is not known', () => {
    const shapes = shapesIn(`import torch, random
if random.random() > 0.5:
    x = torch.zeros(2, 3)
else:
    x = torch.zeros(4)
y = x + 1
`);
    expect(shapes['6 y']).toEqual([[2, 3], [4]]);
  });

  it('shows nothing where nothing is known', () => {
    const shapes = shapesIn(`import torch, mystery
x = mystery.load()
y = x + torch.ones(3)
`);
    expect(Object.keys(shapes)).toEqual([]);
  });
});

describe('failures', () => {
  it('names both shapes of a product that cannot be', () => {
    const { diagnostics } = analyse('import torch\na = torch.ones(2, 3)\nb = a @ torch.ones(4, 5)\n');
    expect(diagnostics).toEqual([
      {
        range: { start: { line: 3, column: 4 }, end: { line: 3, column: 24 } },
        message: 'mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)',
        related: {
          range: { start: { line: 2, column: 4 }, end: { line: 2, column: 20 } },
          message: 'this is [2, 3]',
        },
      },
    ]);
  });

  it('names the place where a layer was made that does not fit', () => {
    const text = `import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.ReLU(), nn.Linear(31, 10))

    def forward(self, x):
        return self.body(x)

Net()(torch.ones(2, 30))
`;
    const [diagnostic] = analyse(text).diagnostics;
    expect(diagnostic?.range.start.line).toBe(10);
    expect(diagnostic?.related).toEqual({
      range: { start: { line: 7, column: 45 }, end: { line: 7, column: 62 } },
      message: 'the Linear was made here',
    });
  });
});

describe('bounds', () => {
  const hostile: Record<string, string> = {
    'an endless loop': 'while True:\n    x = 1\n',
    'an endless recursion': 'def f(n):\n    return f(n) + f(n)\nf(1)\n',
    'a list that grows without end': 'x = [1]\nwhile True:\n    x = x + x\n',
    'a deep expression': `x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`,
    'a list that doubles itself': `l = [0] * 100000\n${'l += l\n'.repeat(24)}`,
    'a tuple that doubles itself': `t = (0,) * 1000\n${'t = t + t\n'.repeat(40)}`,
    'a text that is replaced and joined': `t = 'a' * 90000\ns = t.replace('a', t)\nu = t.join([t] * 10000)\nn = len(s)\n`,
    'a huge text': 'x = "a" * 10 ** 12\n',
    'huge weights': 'import torch.nn as nn\nm = nn.Linear(10 ** 9, 10 ** 9)\n',
    'a huge tensor': 'import torch\nx = torch.ones(10 ** 9, 10 ** 9)\nfor y in x:\n    z = y + 1\n',
  };

  it.each(Object.keys(hostile))('comes to an end with %s', name => {
    const analysis = analyse(hostile[name] ?? '');
    expect(analysis.diagnostics).toEqual([]);
  });
});
