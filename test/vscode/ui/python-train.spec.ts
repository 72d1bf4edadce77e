/** From a class in a Python file to a run: the line above it, a dataset, a dashboard, a checkpoint with its keys. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runsIn, statusOf, until, Workbench, workspaceWith } from './support';

const source = `"""A small network for handwritten digits."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, stride=2)
        self.fc1 = nn.Linear(4 * 13 * 13, 32)
        self.fc2 = nn.Linear(32, num_classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return F.log_softmax(self.fc2(x), dim=1)


train = datasets.MNIST('data', transform=transforms.ToTensor())
model = Net(num_classes=10)
optimizer = torch.optim.Adam(model.parameters(), lr=0.004)
for epoch in range(2):
    for images, labels in DataLoader(train, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        loss = F.nll_loss(model(images), labels)
        loss.backward()
        optimizer.step()
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
  writeFileSync(path.join(workspace, 'lost.py'), source.replace('torch.flatten(x, 1)', 'x[x > 0]'));
  workbench = await Workbench.open(workspace, { 'descent.device': 'cpu' });
});
after(() => workbench?.close());

async function open(file: string): Promise<void> {
  await workbench.page.getByRole('treeitem', { name: file }).dblclick();
  await workbench.page.locator('.monaco-editor .view-line').first().waitFor();
}

/** The run that has finished; its folder is there a moment before it says how it stands. */
function finishedRun(): string | undefined {
  return runsIn(workbench.workspace).find(
    run => existsSync(path.join(run, 'run.json')) && statusOf(run) === 'finished',
  );
}

/** A line above a class that can be clicked. */
const above = (title: string) =>
  workbench.page.locator('.monaco-editor:visible .codelens-decoration a', { hasText: title }).first();

/** The cursor of the editor is in this line. */
async function atLine(line: number): Promise<void> {
  await until(
    'the line in the editor',
    async () =>
      (await workbench.page.locator('.statusbar').textContent())?.includes(`Ln ${line}`) || undefined,
  );
}

test('a click above a class trains it on a dataset, as the file says', () =>
  workbench.watch('python-train', async () => {
    await open('net.py');
    await above('Train on…').waitFor();
    await workbench.screenshot('python-code-lens');
    await above('Train on…').click();
    await workbench.quickInput.getByPlaceholder('What should Net be trained on?').waitFor();
    await workbench.pick('Generated digits');
    const run = await until('a run that has finished', () => finishedRun(), 120);
    assert.match(run, /_Net$/);
    const { model, config } = JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8'));
    assert.equal(model, 'Net (net.py)');
    assert.deepEqual([config.optimizer, config.lr, config.batchSize, config.epochs], ['adam', 0.004, 32, 2]);
    await workbench.webview().getByText('Net (net.py)').first().waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`python-train-${name}`);
    }
    await workbench.openSidebar();
    const layer = workbench.view('Graph').locator('.monaco-list-row', { hasText: 'fc1' }).first();
    await layer.hover();
    await workbench.screenshot('python-tree');
    await layer.getByRole('button', { name: 'Go to Source' }).click();
    await atLine(13);
    await workbench.command('View: Close All Editors');
    await workbench.command('View: Show Explorer');
  }));

test('its graph is shown without training, and a layer leads to its line', () =>
  workbench.watch('python-graph', async () => {
    const { page } = workbench;
    await open('net.py');
    await above('Show Graph').click();
    const graph = workbench.webview();
    await graph.getByText('net.py · for [32, 1, 28, 28] · not trained').waitFor();
    await graph.getByRole('searchbox').or(graph.getByRole('combobox')).first().fill('fc1');
    await page.keyboard.press('Enter');
    const link = graph.locator('.graph-details').getByRole('button', { name: 'net.py:13' });
    await link.waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`python-graph-${name}`);
    }
    await link.click();
    await atLine(13);
    await workbench.command('View: Close All Editors');
  }));

test('what cannot be trained is said with its line', () =>
  workbench.watch('python-refused', async () => {
    await open('lost.py');
    await above('Train on…').click();
    await workbench.pick('Generated digits');
    const said = workbench.page.locator('.notification-toast', { hasText: 'lost.py:18' });
    await said.waitFor();
    assert.equal(runsIn(workbench.workspace).length, 1);
    await workbench.screenshot('python-refused');
    await open('lost.py');
    await workbench.page.locator('.squiggly-warning').first().waitFor();
    await workbench.screenshot('python-refused-mark');
  }));
