/** Checkpoints as a person meets them: one is clicked in the explorer, looked into, and compared with another. */
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { dict, int, type StoredTensor, stateDict, writeCheckpoint } from '../../../src/checkpoint';
import { realData, until, Workbench, workspaceWith } from './support';

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
} as const;

const data = realData();
const skip = data === undefined && 'there is no real data here';

let workbench: Workbench;

function tensor(shape: readonly number[], value: (i: number) => number): StoredTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => value(i)) };
}

/** A network after some epochs. */
function network(file: string, epoch: number): void {
  const model = stateDict({
    'fc1.weight': tensor([64, 784], i => Math.sin(i * 0.37) * (1 + epoch / 10)),
    'fc1.bias': tensor([64], i => i / 64),
    'fc2.weight': tensor([10, 64], i => Math.cos(i) + epoch * 0.01),
    'fc2.bias': tensor([10], () => 0),
  });
  writeFileSync(file, writeCheckpoint(dict({ model, epoch: int(epoch), lr: 0.05 })));
}

before(async () => {
  const workspace = workspaceWith();
  network(path.join(workspace, 'epoch-1.pt'), 1);
  network(path.join(workspace, 'epoch-9.pt'), 9);
  writeFileSync(path.join(workspace, 'broken.pt'), 'Not a checkpoint at all.');
  if (data !== undefined) {
    copyFileSync(path.join(data, 'checkpoints', 'zip-whole-module.pt'), path.join(workspace, 'whole.pt'));
    copyFileSync(path.join(data, 'onnx', 'pytorch-cnn.onnx'), path.join(workspace, 'cnn.onnx'));
  }
  workbench = await Workbench.open(workspace);
  // A file that is clicked before VS Code knows the extension is opened as a text.
  await workbench.page.getByRole('tab', { name: 'Descent' }).first().waitFor();
});
after(() => workbench?.close());

/** Pictures in every theme, where pictures are asked for. */
async function pictures(name: string): Promise<void> {
  if (process.env['DESCENT_SCREENSHOTS'] === undefined) return;
  for (const [kind, theme] of Object.entries(themes)) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`${name}-${kind}`);
  }
}

const file = (name: string) =>
  workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });

async function open(name: string): Promise<void> {
  await file(name).first().dblclick();
  await workbench.page.locator('.tab.active', { hasText: name }).waitFor();
}

test('a checkpoint is clicked in the explorer: its tensors are there, and one is looked into', () =>
  workbench.watch('checkpoint', async () => {
    await file('epoch-1.pt').first().waitFor();
    const began = performance.now();
    await open('epoch-1.pt');
    const page = workbench.webview();
    await page.getByRole('treegrid', { name: 'Tensors' }).waitFor();
    console.log(`the tree after ${Math.round(performance.now() - began)} ms`);
    assert.equal(await page.locator('header h1').textContent(), 'epoch-1.pt');
    await page.getByText('50,890').first().waitFor();
    await page.locator('.small-histogram').first().waitFor();
    await pictures('checkpoint');
    await page.getByRole('searchbox').fill('fc1 weight');
    await page.locator('.grid-row.item').first().click();
    await page.getByRole('heading', { name: 'model/fc1.weight' }).waitFor();
    await until('its singular values', async () =>
      (await page.getByText('of 64').count()) > 0 ? true : undefined,
    );
    await page.locator('.tiles canvas').first().waitFor();
    await pictures('checkpoint-tensor');
  }));

test('two of them are compared from the explorer', () =>
  workbench.watch('comparison', async () => {
    await workbench.menu(file('epoch-1.pt').first(), 'Compare Checkpoints');
    await workbench.quickInput.getByText('epoch-9.pt').first().click();
    const page = workbench.webview();
    await page.getByText(/^model\.fc1\.weight has changed most: by 7\d % of its norm\.$/).waitFor();
    await pictures('comparison');
    await page.locator('.grid-row', { hasText: 'fc1.weight' }).click();
    await page.getByRole('heading', { name: 'model.fc1.weight' }).waitFor();
    await workbench.screenshot('comparison-tensor');
  }));

test('two that are selected together are compared without a question', { skip }, () =>
  workbench.watch('comparison-selected', async () => {
    // A file that opens is selected alone: before the other one is, it has to be open.
    await open('epoch-9.pt');
    await workbench.webview().getByRole('treegrid', { name: 'Tensors' }).waitFor();
    await until('both selected', async () => {
      await file('whole.pt')
        .first()
        .click({ modifiers: ['ControlOrMeta'] });
      const selected = workbench.page.locator(
        '.explorer-folders-view .monaco-list-row[aria-selected="true"]',
      );
      return (await selected.count()) === 2 ? true : undefined;
    });
    await workbench.menu(file('epoch-9.pt').first(), 'Compare Checkpoints');
    await workbench.webview().getByRole('heading', { name: 'epoch-9.pt → whole.pt' }).waitFor();
    await workbench.screenshot('comparison-selected');
  }),
);

test('what cannot be read says so in a sentence, and is read again when it has changed', () =>
  workbench.watch('broken', async () => {
    await open('broken.pt');
    const page = workbench.webview();
    await page.getByText(/broken\.pt: expected a checkpoint, found/).waitFor();
    await workbench.screenshot('checkpoint-broken');
    network(path.join(workbench.workspace, 'broken.pt'), 3);
    await page.getByRole('treegrid', { name: 'Tensors' }).waitFor();
  }));

test('files of others: a whole module and what it would import, and a graph under Open With…', { skip }, () =>
  workbench.watch('others', async () => {
    await open('whole.pt');
    const page = workbench.webview();
    await page.getByText(/Nothing of it was run here/).waitFor();
    await page.getByRole('tab', { name: /^Modules/ }).click();
    await page.getByText('in_channels=1').first().waitFor();
    await workbench.screenshot('checkpoint-module');
    await workbench.menu(file('cnn.onnx').first(), 'Inspect Checkpoint');
    await page.locator('header h1', { hasText: 'cnn.onnx' }).waitFor();
    await page.locator('.grid-row.item').first().waitFor();
    await workbench.screenshot('checkpoint-onnx');
  }),
);
