/** From how a Python file trains to the settings of a run, and what is refused at its line. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compute, manualSeed, tensor } from '../../../src/engine';
import { readModule } from '../../../src/python';
import { completeConfig } from '../../../src/training/complete-config';
import { buildModel } from '../../../src/training/models';

const file = path.resolve('net.py');

const text = (schedule: string, step = '    scheduler.step()', before = '') => `
import torch
import torch.nn as nn
from torch.optim import lr_scheduler
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        return self.fc(x.flatten(1))

loader = torch.utils.data.DataLoader(datasets.MNIST('.', transform=transforms.ToTensor()), batch_size=50)
model = Net()
${before}
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = ${schedule}
for epoch in range(8):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        ${step.startsWith('    ') ? 'pass' : step}
${step.startsWith('    ') ? step : ''}
`;

const choices = (source: string) => ({ python: { file, name: 'Net', text: source, imports: [] } });
const config = (source: string) => completeConfig(choices(source));

describe('the schedule of a file', () => {
  test.each([
    ['lr_scheduler.StepLR(optimizer, 3)', { scheduler: 'step', stepSize: 3, gamma: 0.1 }],
    ['lr_scheduler.ExponentialLR(optimizer, gamma=0.8)', { scheduler: 'exponential', gamma: 0.8 }],
    [
      'lr_scheduler.MultiStepLR(optimizer, milestones=[2, 5], gamma=0.5)',
      { scheduler: 'multistep', gamma: 0.5, schedulerOptions: { milestones: [2, 5] } },
    ],
    ['lr_scheduler.CosineAnnealingLR(optimizer, T_max=8)', { scheduler: 'cosine', schedulerOptions: {} }],
    [
      'lr_scheduler.CosineAnnealingLR(optimizer, 4, eta_min=0.01)',
      { scheduler: 'cosine', schedulerOptions: { T_max: 4, eta_min: 0.01 } },
    ],
    [
      'lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2)',
      { scheduler: 'restarts', schedulerOptions: { T_0: 2, T_mult: 2 } },
    ],
    [
      'lr_scheduler.LinearLR(optimizer, start_factor=0.5, total_iters=4)',
      { scheduler: 'linear', schedulerOptions: { start_factor: 0.5, total_iters: 4 } },
    ],
    [
      "lr_scheduler.ReduceLROnPlateau(optimizer, 'min', factor=0.5, patience=3, verbose=True)",
      { scheduler: 'plateau', gamma: 0.5, schedulerPatience: 3 },
    ],
  ])('%s', (schedule, expected) => {
    expect(config(text(schedule))).toMatchObject({ epochs: 8, lr: 0.1, ...expected });
  });

  test('of one cycle, which is stepped after every batch', () => {
    const source = text(
      'lr_scheduler.OneCycleLR(optimizer, max_lr=0.2, steps_per_epoch=len(loader), epochs=8, pct_start=0.4)',
      'scheduler.step()',
    );
    expect(config(source)).toMatchObject({
      scheduler: 'onecycle',
      lr: 0.2,
      schedulerOptions: { pct_start: 0.4 },
    });
  });

  test.each([
    [
      'lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.9 ** epoch)',
      'net.py:20: the schedule LambdaLR is not one of those that train here: choose with --scheduler, or none',
    ],
    [
      'lr_scheduler.CyclicLR(optimizer, 0.01, 0.1)',
      'net.py:20: the schedule CyclicLR is not one of those that train here: choose with --scheduler, or none',
    ],
    [
      "lr_scheduler.ReduceLROnPlateau(optimizer, 'max')",
      'net.py:20: `mode` of ReduceLROnPlateau is not taken into account: choose with --scheduler, or none',
    ],
    [
      'lr_scheduler.StepLR(optimizer, int(input()))',
      'net.py:20: `step_size` of StepLR is only known while the file runs: choose with --scheduler, or none',
    ],
  ])('is refused at its line: %s', (schedule, sentence) => {
    expect(() => config(text(schedule))).toThrow(sentence);
    expect(completeConfig({ ...choices(text(schedule)), scheduler: 'none' }).scheduler).toBe('none');
  });

  test('is refused where it is stepped at another time', () => {
    expect(() => config(text('lr_scheduler.StepLR(optimizer, 100)', 'scheduler.step()'))).toThrow(
      'net.py:20: StepLR is stepped after every batch, and here it is after every epoch: choose with --scheduler, or none',
    );
  });
});

describe('weights that are set outside of the class', () => {
  const usual = 'lr_scheduler.StepLR(optimizer, 3)';
  const init = `
def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.25)
        m.bias.data.fill_(0.5)
`;

  test('by a function that is applied are set in the same way', async () => {
    manualSeed(0);
    const { network } = buildModel(
      config(text(usual, undefined, `${init}\nmodel.apply(init_weights)`)),
      [28, 28],
      10,
    );
    const [weight, bias] = network.parameters();
    expect((await weight?.data())?.slice(0, 3)).toEqual(Float32Array.of(0.25, 0.25, 0.25));
    expect((await bias?.data())?.[9]).toBe(0.5);
  });

  test.each([
    ['nn.init.zeros_(model.fc.weight)', 17],
    ['for p in model.parameters(): nn.init.normal_(p)', 17],
  ])('in another way are refused: %s', (statement, line) => {
    expect(() => buildModel(config(text(usual, undefined, statement)), [28, 28], 10)).toThrow(
      `net.py:${line}: weights that are set outside of the class are not followed`,
    );
  });
});

describe('a loss that the file puts together itself', () => {
  const own = (loss: string, before = '') => `
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        return self.fc(x.flatten(1))

${before}
loader = torch.utils.data.DataLoader(datasets.MNIST('.', transform=transforms.ToTensor()), batch_size=50)
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

def train(model, optimizer, loader, epoch):
    model.train()
    running = 0.0
    for i, (x, y) in enumerate(loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = ${loss}
        loss.backward()
        optimizer.step()
        running += loss.item()

model = Net().to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    train(model, optimizer, loader, epoch)
`;
  const focal = `
class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma
        self.ce = nn.CrossEntropyLoss(reduction='none', label_smoothing=0.1)

    def forward(self, scores, target):
        ce = self.ce(scores, target)
        return ((1 - torch.exp(-ce)) ** self.gamma * ce).mean()

criterion = FocalLoss()
`;

  const scores = Array.from({ length: 4 }, (_, i) =>
    Array.from({ length: 10 }, (_, j) => Math.sin(3 * i + j)),
  );
  const lossOf = async (source: string) => {
    const { task } = buildModel(config(source), [28, 28], 10);
    const loss = task.loss(tensor(scores), tensor([3, 1, 4, 1]).to('int64'));
    await compute(loss);
    return loss.item();
  };

  // By PyTorch 1.13 on the same scores.
  test.each([
    ['of indices', '-F.log_softmax(out, dim=1)[range(len(y)), y].mean()', '', 2.9474802],
    ['divided, as gradients are accumulated', 'F.cross_entropy(out, y) / 4', '', 0.7368701],
    [
      'by a function',
      'nll(out, y)',
      'def nll(s, t):\n    return -s.log_softmax(1).gather(1, t.unsqueeze(1)).squeeze(1).mean()',
      2.9474802,
    ],
    ['by a module of the file', 'criterion(out, y)', focal, 2.5928664],
    ['one-hot', '((F.softmax(out, 1) - F.one_hot(y, 10).float()) ** 2).sum(dim=1).mean()', '', 1.0315216],
    ['with a penalty', 'F.cross_entropy(out, y) + 0.5 * out.pow(2).mean()', '', 3.1873353],
  ])('%s', async (_, loss, before, expected) => {
    expect(await lossOf(own(loss, before))).toBeCloseTo(expected, 5);
  });

  test('leaves a loss of the library, by whatever it comes, as it is', () => {
    const read = readModule({
      uri: file,
      text: own('F.cross_entropy(out.view(-1, 10), y.long())'),
      name: 'Net',
    });
    expect(read.recipe.loss?.name).toBe('cross_entropy');
    expect(read.build({ sample: [1, 28, 28], classes: 10 }).ownLoss).toBeUndefined();
  });

  test.each([
    [
      '((out.sum(1) - x.flatten(1).sum(1)) ** 2).mean()',
      /net\.py:27: the loss of this file is not one of torch\.nn's, and cannot be followed \(net\.py:26: the loss looks at the samples themselves/,
    ],
    ['F.cross_entropy(out, y) * (2 if running > 3 else 1)', /net\.py:27: .*cannot be followed/],
    ['F.cross_entropy(out, y) + F.cross_entropy(model(x), y)', /called more than once for a loss/],
    ['F.cross_entropy(out, y) * (1 + epoch)', /net\.py:27: .*cannot be followed/],
  ])('is refused at its line: %s', (loss, sentence) => {
    expect(() => buildModel(config(own(loss)), [28, 28], 10)).toThrow(sentence);
  });
});
