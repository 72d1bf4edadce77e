/** Modules of Python files that are built with the engine: their keys, what they take, and what is refused where. */
import { describe, expect, test } from 'vitest';
import { readModule } from '../../src/python';

const digits = { sample: [1, 28, 28], classes: 10 };

const header = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const built = (text: string, name = 'Net', data = digits) =>
  readModule({ uri: 'net.py', text: header + text, name }).build(data);

const mlp = `
class Net(nn.Module):
    def __init__(self, n_in, hidden=32, classes=10):
        super().__init__()
        self.fc1 = nn.Linear(n_in, hidden)
        self.bn = nn.BatchNorm1d(hidden)
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU()) for _ in range(2)])
        self.scale = nn.Parameter(torch.ones(hidden))
        self.register_buffer('mask', torch.zeros(hidden))
        self.out = nn.Linear(hidden, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.fc1(x)))
        for block in self.blocks:
            x = x + block(x) * self.scale + self.mask
        return self.out(x)
`;

describe('a module', () => {
  test('has PyTorch’s keys, and takes flat images where its first layer wants them', () => {
    const network = built(mlp);
    expect(network.fit).toEqual({ form: 'flat', rank: 2, outputs: 10, lastNode: 'AddmmBackward0' });
    expect([...network.stateDict().keys()].sort()).toEqual(
      [
        'scale',
        'mask',
        'fc1.weight',
        'fc1.bias',
        'bn.weight',
        'bn.bias',
        'bn.running_mean',
        'bn.running_var',
        'bn.num_batches_tracked',
        'blocks.0.0.weight',
        'blocks.0.0.bias',
        'blocks.1.0.weight',
        'blocks.1.0.bias',
        'out.weight',
        'out.bias',
      ].sort(),
    );
    expect(network.namedModules().map(([path, { kind }]) => `${path} ${kind}`)).toContain('blocks.1.1 ReLU');
  });

  test('takes its sizes from where the file makes it, and else from the data', () => {
    const at = (text: string) =>
      built(text)
        .namedParameters()
        .map(([name, { shape }]) => `${name} ${shape.join('×')}`);
    expect(at(`${mlp}\nnet = Net(28 * 28, classes=12)`)).toContain('out.weight 12×32');
    expect(at(mlp)).toContain('fc1.weight 32×784');
  });

  test('takes images as they are where it can', () => {
    const text = `
net = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(4 * 13 * 13, 10), nn.LogSoftmax(dim=1))
`;
    const network = built(text, 'net');
    expect(network.fit).toEqual({ form: 'images', rank: 2, outputs: 10, lastNode: 'LogSoftmaxBackward0' });
    expect([...network.stateDict().keys()]).toEqual(['0.weight', '0.bias', '3.weight', '3.bias']);
  });
});

const within = (forward: string, init = '') => `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        ${init}

    def forward(self, x):
        x = x.view(x.size(0), -1)
        ${forward}
        return self.fc(x)
`;

describe('what is refused', () => {
  const forwards: readonly (readonly [code: string, sentence: RegExp])[] = [
    ['if x.sum() > 0: x = x * 2', /net\.py:13: which way this goes is only known while it runs/],
    ['x = F.gumbel_softmax(x)', /net\.py:14: the numbers that `gumbel_softmax` gives are not computed/],
    [
      'x = x * x.mean().item()',
      /net\.py:13: a number is used here that is only known while the program runs/,
    ],
    ['x = x[x > 0]', /net\.py:13: indexing by a mask: the shape/],
    ['x = something(x)', /net\.py:13: what is called here is not known/],
    ['x = F.relu(x, out=x)', /net\.py:13: the argument `out` of `relu` is not taken into account/],
    ['x = torch.from_numpy(x.numpy())', /net\.py/],
    [
      'self.fc.weight.data = self.fc.weight.data * 1; self.count += 1',
      /`count` of Net is changed by `forward`/,
    ],
    ['while True: pass', /net\.py:5: this module takes more steps than are followed/],
    ["raise ValueError('no')", /net\.py:\d+: this raises an exception/],
    ['x = x @ torch.zeros(3, 4)', /mat1 and mat2 shapes cannot be multiplied \(2x784 and 3x4\)/],
  ];
  test.each(forwards)('in forward: %s', (code, sentence) => {
    expect(() => built(within(code, 'self.count = 0'))).toThrow(sentence);
  });

  test.each([
    [
      'self.lstm = nn.LSTM(28, 10, weird=True)',
      /net\.py:9: the argument `weird` of `LSTM` is not taken into account/,
    ],
    ['self.fc = nn.utils.weight_norm(self.fc)', /net\.py:9: `weight_norm` is not computed/],
    ["self.load_state_dict(torch.load('x.pt'))", /net\.py:9: weights that are loaded are not followed/],
    ['self.fc = self.fc.double()', /net\.py:9: modules in double precision are not trained/],
  ])('where it is made: %s', (init, sentence) => {
    expect(() => built(within('x = x', init))).toThrow(sentence);
  });

  test('an unknown size, and a name that is not there', () => {
    const text = mlp.replace('hidden=32', 'width');
    expect(() => built(text.replaceAll('hidden', 'width'))).toThrow(
      /net\.py:5: what `width` of Net is to be is not known: give it a default, or make a Net somewhere in the file/,
    );
    expect(() => built(mlp, 'Other')).toThrow(
      /expected the name of an nn\.Module class .* instead of Other; found Net/,
    );
  });
});

describe('samples that a module does not take as they are', () => {
  const conv = `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 5)
        self.act = nn.LeakyReLU(0.1, inplace=True)
        self.fc = nn.Linear(4 * 28 * 28, 10)

    def forward(self, x):
        x = self.act(self.conv(x))
        return self.fc(x.flatten(1)), x
`;

  test('are resized and given its number of channels, and the first of its outputs counts', () => {
    const { fit } = built(conv);
    expect(fit).toMatchObject({ form: 'images', as: [3, 32, 32], outputs: 10 });
  });

  test('are given as the file gives them, where it does', () => {
    const text = `${conv.replace('28 * 28', '44 * 44')}\nout, maps = Net()(torch.rand(2, 3, 48, 48))`;
    expect(built(text).fit.as).toEqual([3, 48, 48]);
  });

  test('are refused where the first layer is behind another one', () => {
    expect(() => built(conv.replace('(3, 4', '(16, 4'))).toThrow(
      /net\.py:13: Given groups=1, weight of size \[4, 16, 5, 5\]/,
    );
  });

  test('leave the sizes of a configuration to the data', () => {
    const text = `
from dataclasses import dataclass

@dataclass
class Config:
    in_dim: int = 4
    width: int = 16
    num_classes: int = 3

class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(config.in_dim, config.width), nn.ReLU(), nn.Linear(config.width, config.num_classes))

    def forward(self, x):
        return self.body(x)

net = Net(Config())
`;
    const { fit } = built(text);
    expect(fit).toMatchObject({ form: 'flat', outputs: 10 });
  });

  test('go into a class that extends a layer, whose sizes are then those of the data', () => {
    const text = `
class Unit(nn.Linear):
    def forward(self, input):
        return F.linear(input, self.weight / self.weight.norm(dim=1, keepdim=True), self.bias)

y = Unit(5, 3)(torch.rand(7, 5))
`;
    const network = built(text, 'Unit');
    expect(network.fit).toMatchObject({ form: 'flat', outputs: 10 });
    expect([...network.stateDict().keys()].sort()).toEqual(['bias', 'weight']);
  });
});
