/** Loops are read until a turn leaves everything as it found it: what a later turn does differently must not be missed. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/python';

/** The shapes of a variable wherever it stands in a text, each once. */
function shapesOf(name: string, text: string): string[] {
  const found = analyse(`import torch\n${text}`, { budget: 5000 }).occurrences.filter(
    one => one.text === name,
  );
  return [...new Set(found.flatMap(one => (one.kind === 'tensor' ? one.shapes : [])).map(String))];
}

describe('a loop', () => {
  it('in which a later turn takes another way', () => {
    const text = `x = torch.zeros(2, 3)
for i in range(40):
    if i == 30:
        x = torch.zeros(7, 3)
    y = x.sum(1)
`;
    expect(shapesOf('y', text)).toEqual(['2', '7']);
  });

  it('in which a function looks at the variable of the loop', () => {
    const text = `def make():
    return torch.zeros(7) if i == 30 else torch.zeros(2)
for i in range(40):
    y = make()
`;
    expect(shapesOf('y', text)).toEqual(['2', '7']);
  });

  it('in which something other than the variable of the loop counts', () => {
    const text = `n, y = 0, torch.zeros(2)
for _ in range(40):
    if n == 30:
        y = torch.zeros(7)
    n += 1
    z = y + 1
`;
    expect(shapesOf('z', text)).toEqual(['2', '7']);
  });

  it('in which an object counts, in a method that it calls', () => {
    const text = `class Counter:
    def __init__(self):
        self.n = 0
    def next(self):
        self.n += 1
        return torch.zeros(7) if self.n == 30 else torch.zeros(2)
counter = Counter()
for _ in range(40):
    y = counter.next()
`;
    expect(shapesOf('y', text)).toEqual(['2', '7']);
  });

  it('that leaves the last of its items behind', () => {
    const text = `for i in range(40):
    print(f'turn {i + 1}')
y = torch.zeros(i)
`;
    expect(shapesOf('y', text)).toEqual(['39']);
  });

  it('over items of which the last ones differ', () => {
    const text = `x = torch.zeros(3)
for y in [x, x, x, x, torch.zeros(4)]:
    z = y * 2
`;
    expect(shapesOf('z', text)).toEqual(['3', '4']);
  });

  it('that shows what depends on its variable', () => {
    const text = `x = torch.zeros(4, 3)
for i in range(4):
    print(x[i:])
    print(f'{x[:, i:].shape} {i}')
`;
    expect(shapesOf('x[i:]', text)).toEqual(['4,3', '3,3', '2,3', '1,3']);
    expect(shapesOf('x[:, i:]', text)).toEqual(['4,3', '4,2', '4,1', '4,0']);
  });

  it('that is long and always alike ends with its first turns', () => {
    const inner = `        loss = torch.nn.functional.mse_loss(torch.relu(x @ w), x)\n`;
    const text = `x, w = torch.zeros(8, 8), torch.zeros(8, 8)
for epoch in range(500):
    for step in range(500):
${inner.repeat(20)}    print(epoch, loss.item())
`;
    expect(analyse(`import torch\n${text}`, { budget: 5000 }).complete).toBe(true);
    expect(shapesOf('loss', text)).toEqual(['']);
  });
});
