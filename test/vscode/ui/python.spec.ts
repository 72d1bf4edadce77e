/** A Python file as a person reads it: shapes under the pointer and behind names, and what certainly fails. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Workbench, workspaceWith } from './support';

const source = `"""A small network for handwritten digits."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        hidden = F.relu(self.fc1(x))
        return F.log_softmax(self.fc2(hidden), dim=1)


train = datasets.MNIST('data', transform=transforms.ToTensor())
model = Net()
for images, labels in DataLoader(train, batch_size=64):
    scores = model(images)
    loss = F.nll_loss(scores, labels)
`;

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
} as const;

let workbench: Workbench;

before(async () => {
  const workspace = workspaceWith();
  writeFileSync(path.join(workspace, 'net.py'), source);
  writeFileSync(
    path.join(workspace, 'wrong.py'),
    source.replace('nn.Linear(9216, 128)', 'nn.Linear(9126, 128)'),
  );
  workbench = await Workbench.open(workspace, { 'descent.python.inlayHints': true });
});
after(() => workbench?.close());

async function open(file: string): Promise<void> {
  await workbench.page.getByRole('treeitem', { name: file }).dblclick();
  await workbench.page.locator('.monaco-editor .view-line').first().waitFor();
}

/** Puts the cursor on a place, such as `21:12`. */
async function goTo(place: string): Promise<void> {
  await workbench.page.keyboard.press('Control+g');
  await workbench.input.fill(`:${place}`);
  await workbench.page.keyboard.press('Enter');
  await workbench.quickInput.waitFor({ state: 'hidden' });
}

test('a Python file shows shapes: behind names, above the class, and under the pointer', () =>
  workbench.watch('python', async () => {
    await open('net.py');
    const { page } = workbench;
    const editor = page.locator('.monaco-editor').first();
    const above = editor.locator('.codelens-decoration', { hasText: 'parameters' });
    await above.waitFor();
    assert.match((await above.textContent()) ?? '', /1,199,882 parameters/);
    assert.equal(await above.count(), 1);
    const line = editor.locator('.view-line', { hasText: 'self.fc1(x)' });
    await line.getByText('[64|32, 128]').waitFor();
    assert.equal(await line.getByText('[64|32, 128]').count(), 1);
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await goTo('21:12');
      await workbench.command('Show or Focus Hover');
      const hover = page.locator('.monaco-hover:visible', { hasText: 'Tensor' });
      await hover.waitFor();
      const said = (await hover.textContent()) ?? '';
      assert.match(said, /hidden.*\[64, 128\]/);
      assert.match(said, /ReluBackward0/);
      await workbench.screenshot(`python-${name}`);
      await page.keyboard.press('Escape');
      await hover.waitFor({ state: 'hidden' });
    }
  }));

test('a layer that expects another number of features is marked where it is called', () =>
  workbench.watch('python-wrong', async () => {
    await open('wrong.py');
    const { page } = workbench;
    await page.locator('.squiggly-error').first().waitFor();
    await workbench.command('Problems: Focus on Problems View');
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'Descent' }).first();
    await problem.waitFor();
    assert.match((await problem.textContent()) ?? '', /64x9216 and 9126x128/);
    await workbench.screenshot('python-problem');
  }));
