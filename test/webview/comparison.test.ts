/** The page that compares two checkpoints in a browser, with the reader of files behind it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { dict, int, type StoredTensor, stateDict, writeCheckpoint } from '../../src/checkpoint';
import { ComparisonHost } from '../../src/extension/checkpoints/reader/comparison-host';
import { temporaryFolder } from '../training/support';
import { violations } from './axe';
import { hasBrowser, watchErrors } from './browser';
import { visitEditorPage } from './editor-page';
import { eventually } from './page';

function tensor(shape: readonly number[], value: (i: number) => number): StoredTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => value(i)) };
}

/** Two files: `fc2.weight` has changed by a tenth of its norm, `fc1.weight` by half, `fc1.bias` not at all. */
function twoFiles(): [string, string] {
  const folder = temporaryFolder();
  const write = (name: string, value: Parameters<typeof writeCheckpoint>[0]): string => {
    const file = path.join(folder, name);
    writeFileSync(file, writeCheckpoint(value));
    return file;
  };
  const model = (scale: number, rest: Record<string, StoredTensor>) =>
    stateDict({
      'fc1.weight': tensor([8, 784], i => Math.sin(i) * scale),
      'fc1.bias': tensor([8], i => i),
      'fc2.weight': tensor([4, 8], i => (i - 9) * (1 + (scale - 1) / 5)),
      ...rest,
    });
  const last = dict({
    model: model(1.5, { 'fc2.bias': tensor([5], () => 1), 'fc3.weight': tensor([2, 4], i => i) }),
    epoch: int(9),
  });
  return [
    write('first.pt', model(1, { 'fc2.bias': tensor([4], () => 1), 'old.weight': tensor([3], i => i) })),
    write('last.pt', last),
  ];
}

async function open(files: readonly [string, string]): Promise<{ page: Page; errors: string[] }> {
  const page = await visitEditorPage('comparison', send => new ComparisonHost(files, send));
  const errors = watchErrors(page);
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.getByRole('treegrid').waitFor();
  return { page, errors };
}

const names = (page: Page) => page.locator('.grid-row .grid-label').allTextContents();
const fact = (page: Page, name: string) =>
  page
    .locator('.about-facts div', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .textContent();

describe.skipIf(!hasBrowser)('the page that compares two checkpoints', () => {
  it('shows at a glance what has changed most', async () => {
    const { page, errors } = await open(twoFiles());
    await page.getByText('fc1.weight has changed most: by 50 % of its norm.').waitFor();
    expect(await page.locator('header h1').textContent()).toBe('first.pt → last.pt');
    await page.getByText('Compared: all of the first file with model of the second file.').waitFor();
    await eventually(() => names(page)).toEqual([
      ...['fc2.bias', 'old.weight', 'fc3.weight', 'fc1.weight', 'fc2.weight', 'fc1.bias'],
    ]);
    const change = page.locator('.grid-row > :nth-child(2)');
    expect(await change.allTextContents()).toEqual([
      ...['other shape', 'removed', 'added', '50 %', '10 %', 'the same'],
    ]);
    const counts = ['Changed', 'The same', 'Other shape', 'Removed', 'Added'];
    expect(await Promise.all(counts.map(name => fact(page, name)))).toEqual(['2', '1', '1', '1', '1']);
    expect(await page.getByText('[4] → [5]').count()).toBe(1);
    await page.getByRole('tab', { name: 'Other values 1' }).click();
    expect(await page.locator('.changes tbody tr').allTextContents()).toEqual(['epochnot there9']);
    expect(errors).toEqual([]);
  });

  it('leaves out what is the same, and sorts by other figures', async () => {
    const { page } = await open(twoFiles());
    await page.getByText('has changed most: by').waitFor();
    await page.getByRole('radio', { name: 'Changed' }).check({ force: true });
    await eventually(async () => (await names(page)).length).toBe(5);
    await page.getByRole('radio', { name: 'Other shape' }).check({ force: true });
    await eventually(() => names(page)).toEqual(['fc2.bias', 'old.weight', 'fc3.weight']);
    await page.getByRole('radio', { name: 'All' }).check({ force: true });
    await page.getByRole('button', { name: 'Norm' }).click();
    await eventually(async () => (await names(page)).slice(0, 2)).toEqual(['fc1.weight', 'fc2.weight']);
  });

  it('shows the change of a tensor value by value, and what was before and after', async () => {
    const { page } = await open(twoFiles());
    await page.locator('.grid-row', { hasText: 'fc2.weight' }).click();
    await page.getByRole('heading', { name: 'fc2.weight' }).waitFor();
    await page
      .getByText('100 % of the values changed')
      .or(page.getByText('97 % of the values changed'))
      .waitFor();
    const values = page.locator('.values .row:not(.head) span:not(.index)');
    const shown = () =>
      values.evaluateAll(cells => cells.slice(0, 3).map(cell => Number(cell.getAttribute('title'))));
    const about = (list: readonly number[]) => list.map(value => Math.round(value * 1000) / 1000);
    await eventually(async () => about(await shown())).toEqual([-0.9, -0.8, -0.7]);
    await page.getByRole('radio', { name: 'Before' }).check({ force: true });
    await eventually(async () => about(await shown())).toEqual([-9, -8, -7]);
    await page.getByRole('radio', { name: 'After' }).check({ force: true });
    await eventually(async () => about(await shown())).toEqual([-9.9, -8.8, -7.7]);
    await page.locator('.grid-row', { hasText: 'old.weight' }).click();
    await page.getByText('removed · [3] · float32').waitFor();
    expect(await page.getByRole('radio', { name: 'Change', exact: true }).isDisabled()).toBe(true);
  });

  it('says that both are the same, and that one cannot be read', async () => {
    const [first] = twoFiles();
    const { page } = await open([first, first]);
    await page.getByText('Both files hold the same tensors with the same values.').waitFor();
    const broken = path.join(temporaryFolder(), 'broken.pt');
    writeFileSync(broken, 'nothing');
    const other = await visitEditorPage('comparison', send => new ComparisonHost([first, broken], send));
    await other.getByRole('heading', { name: 'These files cannot be compared' }).waitFor();
    await other.getByText(/broken\.pt: expected a checkpoint/).waitFor();
  });

  it('has no violations in any theme, with a pair open and without', async () => {
    const { page } = await open(twoFiles());
    await page.getByText('has changed most: by').waitFor();
    for (const step of ['list', 'pair']) {
      if (step === 'pair') {
        await page.getByRole('treegrid').focus();
        await page.keyboard.press('Home');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'fc2.bias' }).waitFor();
      }
      for (const theme of ['light', 'dark', 'high-contrast']) {
        await page.evaluate(name => {
          document.body.className =
            name === 'high-contrast' ? 'vscode-dark vscode-high-contrast' : `vscode-${name}`;
        }, theme);
        const found = await violations(page, theme === 'light' ? 'all' : 'colours');
        expect(found, `${step}, ${theme}`).toEqual([]);
      }
    }
  });
});
