/** `descent train --model FILE.py:Class`: trained as the file says, resumed and evaluated without the file. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { digitsFolder, temporaryFolder } from '../training/support';
import { descent, eventsOf, failureIn } from './support';

const source = `
import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from layers import block

class Digits(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.first = block(28 * 28, hidden)
        self.last = nn.Linear(hidden, 10)

    def forward(self, x):
        return torch.log_softmax(self.last(self.first(x.flatten(1))), dim=1)

normal = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.13,), (0.31,))])
train_set = datasets.MNIST('data', train=True, transform=normal)
loader = DataLoader(train_set, batch_size=20, shuffle=True)
model = Digits(hidden=24)
criterion = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.8, nesterov=True, weight_decay=1e-4)
for epoch in range(3):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
`;

const layers = `
import torch.nn as nn

def block(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, n_out), nn.ReLU())
`;

const infoSchema = z.object({
  model: z.string(),
  config: z.looseObject({}),
});

describe('training a module of a Python file', () => {
  test('takes its hyperparameters, resumes and evaluates without it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'digits.py');
    writeFileSync(file, source);
    writeFileSync(path.join(folder, 'layers.py'), layers);
    const data = digitsFolder();
    const runs = path.join(folder, 'runs');
    const flags = [data, '--device', 'cpu', '--runs', runs, '--json'];
    const events = eventsOf(await descent(['train', '--model', `${file}:Digits`, ...flags, '--epochs', '2']));
    const end = events.at(-1);
    expect(end).toMatchObject({ event: 'end' });
    const run = String(end?.['run']);
    expect(path.basename(run)).toMatch(/_Digits$/);
    const info = infoSchema.parse(JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8')));
    expect(info.model).toBe('Digits (digits.py)');
    expect(info.config).toMatchObject({
      optimizer: 'sgd',
      lr: 0.05,
      momentum: 0.8,
      weightDecay: 1e-4,
      data: { transforms: ['Normalize(mean=[0.13], std=[0.31])'] },
      optimizerOptions: { nesterov: true },
      batchSize: 20,
      epochs: 2,
    });
    rmSync(file);
    const more = eventsOf(await descent(['train', '--resume', run, '--epochs', '3', '--json']));
    expect(more.at(-1)).toMatchObject({ event: 'end' });
    const best = path.join(run, 'checkpoints', 'best.pt');
    const evaluated = await descent(['evaluate', best, data]);
    expect(evaluated.stdout).toMatch(/Model +Digits \(digits\.py\)/);
  });

  test('says what cannot be trained, with file and line', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'net.py');
    writeFileSync(file, source.replace('optim.SGD', 'optim.LBFGS').replace('from layers', 'from nowhere'));
    const model = ['train', '--model', `${file}:Digits`, digitsFolder()];
    expect(failureIn(await descent(model), 2)).toMatch(
      /net\.py:22: the optimizer LBFGS is not one of those that train here/,
    );
    const chosen = await descent([...model, '--optimizer', 'adam']);
    expect(failureIn(chosen)).toMatch(/net\.py:15: what is called here is not known/);
    const missing = await descent(['train', '--model', path.join(folder, 'no.py:Net')]);
    expect(failureIn(missing, 2)).toMatch(/no\.py: there is no such file/);
  });
});
