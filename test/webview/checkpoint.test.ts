/** The page of a checkpoint in a browser, with the reader of files behind it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { dict, int, type StoredTensor, stateDict, writeCheckpoint } from '../../src/checkpoint';
import { CheckpointHost } from '../../src/extension/checkpoints/reader/checkpoint-host';
import { computeSpectrum } from '../../src/extension/checkpoints/reader/spectra';
import { temporaryFolder } from '../training/support';
import { violations } from './axe';
import { hasBrowser, watchErrors } from './browser';
import { visitEditorPage } from './editor-page';
import { eventually } from './page';

function tensor(shape: readonly number[], value: (i: number) => number): StoredTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => value(i)) };
}

/** A checkpoint as training loops write them. */
function small(folder: string): string {
  const file = path.join(folder, 'net.pt');
  const model = stateDict({
    'fc1.weight': tensor([16, 784], i => Math.sin(i)),
    'fc1.bias': tensor([16], i => i - 4),
    'fc2.weight': tensor([4, 16], i => (i === 3 ? Number.NaN : i % 3)),
    'fc2.bias': tensor([4], () => 0),
  });
  const square = tensor([3, 3], i => [2, 0, 0, 0, -3, 0, 0, 0, 0][i] ?? 0);
  writeFileSync(file, writeCheckpoint(dict({ model, square, epoch: int(7), lr: 0.05 })));
  return file;
}

/** One with so many tensors that not all rows can be there at once. */
function wide(folder: string): string {
  const file = path.join(folder, 'wide.pt');
  const names = Array.from({ length: 1000 }, (_, i) => `layer${Math.floor(i / 10)}.part${i % 10}.weight`);
  writeFileSync(
    file,
    writeCheckpoint(stateDict(names.map((name, i) => [name, tensor([2, 3], at => i + at)]))),
  );
  return file;
}

/** Opens the page of a file. `asked` gathers the numbers of tensors that figures were asked of. */
async function open(file: string): Promise<{ page: Page; asked: number[]; errors: string[] }> {
  const asked: number[] = [];
  let errors: string[] = [];
  const page = await visitEditorPage('checkpoint', send => {
    const spectra = { ask: async (job: unknown) => computeSpectrum(job), cancel: () => undefined };
    const host = new CheckpointHost(file, spectra, send);
    return {
      receive: message => {
        const { name, params } = Object(message);
        if (name === 'examine') asked.push(...params.tensors);
        host.receive(message);
      },
    };
  });
  errors = watchErrors(page);
  await page.setViewportSize({ width: 1100, height: 800 });
  return { page, asked, errors };
}

const rows = (page: Page) => page.locator('.grid-row');
const row = (page: Page, name: string) =>
  page.locator('.grid-row', { has: page.locator(`.grid-label:text-is("${name}")`) }).first();
const cells = (page: Page, name: string) => row(page, name).locator('[role="gridcell"]').allTextContents();

describe.skipIf(!hasBrowser)('the page of a checkpoint', () => {
  it('says what the file is, and lists its tensors by module with what they come to', async () => {
    const { page, errors } = await open(small(temporaryFolder()));
    await page.getByRole('heading', { name: 'net.pt' }).waitFor();
    const facts = page.locator('.about-facts');
    expect(await facts.getByText('12,637').count()).toBe(1);
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Tensors 5', 'Contents']);
    await eventually(() => cells(page, 'bias')).toEqual([
      ...['bias', '[16]', 'float32', '64 B', '-4.00', '3.50', '11.0', '4.61', '6.3 %', '0', ''],
    ]);
    const labels = await page.locator('.grid-row.group .grid-label').allTextContents();
    expect(labels.map(label => label.trim())).toEqual(['model 4', 'fc1 2', 'fc2 2']);
    expect(await page.locator('.bad').allTextContents()).toEqual(['1']);
    expect(await page.locator('.small-histogram').count()).toBeGreaterThan(2);
    await page.getByRole('tab', { name: 'Contents' }).click();
    await page.getByText('epoch').waitFor();
    expect(await page.locator('.leaf', { hasText: 'epoch' }).textContent()).toBe('epoch7int');
    expect(errors).toEqual([]);
  });

  it('reaches every value of tensors with more rows or columns than a browser has pixels, by keys and wheel', async () => {
    const file = path.join(temporaryFolder(), 'long.pt');
    const long = tensor([1_000_000], i => i);
    const tall = { ...long, shape: [1_000_000, 1] };
    writeFileSync(file, writeCheckpoint(dict({ long, tall })));
    const { page, errors } = await open(file);
    const where = () => page.locator('.values header .note').textContent();
    const last = () => page.locator('.values .row:not(.head) span').last().getAttribute('title');
    await row(page, 'long').click();
    await eventually(where).toMatch(/^1 row, columns 0–\d+ of 1,000,000$/);
    await page.locator('.values .scroller').focus();
    await page.keyboard.press('ArrowRight');
    await eventually(where).toMatch(/, columns 1–\d+ of/);
    await page.keyboard.press('End');
    await eventually(last).toBe('999999');
    await row(page, 'tall').click();
    await eventually(where).toMatch(/^rows 0–\d+ of 1,000,000, 1 column$/);
    await page.locator('.values .scroller').hover();
    await page.mouse.wheel(0, 44);
    await eventually(where).toMatch(/^rows 2–/);
    await page.locator('.values .scroller').focus();
    await page.keyboard.press('ArrowDown');
    await eventually(where).toMatch(/^rows 3–/);
    await page.keyboard.press('Control+End');
    await eventually(last).toBe('999999');
    await page.locator('.values .scroller').evaluate(bar => bar.scrollTo(0, bar.scrollHeight / 2));
    await eventually(async () => Math.round(Number(await last()) / 10_000)).toBe(50);
    expect(errors).toEqual([]);
  });

  it('shows nothing of the tensor before in one that has no values, or none that are finite', async () => {
    const file = path.join(temporaryFolder(), 'odd.pt');
    const empty: StoredTensor = { dtype: 'float32', shape: [0, 4], data: new Float32Array() };
    const full = tensor([40, 5], i => (i === 7 ? 1e6 : Math.sin(i)));
    writeFileSync(file, writeCheckpoint(dict({ one: tensor([], () => 3), empty, full })));
    const { page, errors } = await open(file);
    const note = page.locator('.histogram .scale .note');
    await row(page, 'one').click();
    await eventually(() => page.locator('.values header .note').textContent()).toBe('1 row, 1 column');
    await row(page, 'empty').click();
    await eventually(() => page.locator('.values header .note').textContent()).toBe(
      'none: 0 rows, 4 columns',
    );
    expect(await page.locator('.values .row').count()).toBe(0);
    expect(await page.locator('.histogram .scale').textContent()).toBe('no values');
    await row(page, 'full').click();
    await eventually(() => note.textContent()).toBe('1 outside');
    await page.getByRole('button', { name: 'Show all values' }).click();
    await eventually(() => note.textContent()).toBe('');
    expect(errors).toEqual([]);
  });

  it('opens a tensor: figures, pictures, values, and singular values as they are', async () => {
    const { page } = await open(small(temporaryFolder()));
    await row(page, 'square').click();
    await page.getByRole('heading', { name: 'square' }).waitFor();
    const fact = (name: string) =>
      page.locator('.spectrum .statistics div', { has: page.getByText(name, { exact: true }) }).locator('dd');
    await eventually(() => fact('rank').textContent()).toBe('2 of 3');
    expect(await fact('null space').textContent()).toBe('1 dim.');
    expect(await fact('condition').textContent()).toBe('∞');
    await page.getByRole('img', { name: 'Singular values from 3.000 to 0' }).waitFor();
    await page
      .getByRole('img', { name: /^3 eigenvalues in the complex plane, the largest of size 3/ })
      .waitFor();
    const values = page.locator('.values .row:not(.head) span:not(.index)');
    await eventually(() =>
      values.evaluateAll(found => found.map(cell => cell.getAttribute('title'))),
    ).toEqual([...['2', '0', '0', '0', '-3', '0', '0', '0', '0']]);
    // What sees images has images as weights.
    await page.locator('.grid-row.item').first().click();
    await eventually(() => page.locator('.tiles canvas').count()).toBe(16);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('.pane').isVisible()).toBe(false);
  });

  it('searches in names, shapes and types, and sorts by what tensors come to', async () => {
    const { page } = await open(small(temporaryFolder()));
    await page.getByRole('searchbox').fill('fc2 [4, 16]');
    await eventually(() => page.locator('.grid-row.item').count()).toBe(1);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No tensor has these words in its name.').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Max' }).click();
    const names = () => rows(page).locator('.grid-label').allTextContents();
    await eventually(names).toEqual([
      ...['model.fc1.bias', 'model.fc2.weight', 'square', 'model.fc1.weight', 'model.fc2.bias'],
    ]);
    expect(await page.getByRole('columnheader', { name: 'Max' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await page.getByRole('button', { name: 'Max' }).click();
    await eventually(async () => (await names())[0]).toBe('model.fc2.bias');
    await page.getByRole('button', { name: 'Max' }).click();
    await eventually(async () => (await names()).length).toBe(8);
  });

  it('scrolls over thousands of tensors, asks for those in sight first, and can be stopped', async () => {
    const { page, asked } = await open(wide(temporaryFolder()));
    await page.getByRole('heading', { name: 'wide.pt' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^Stopped at [\d,]+ of 1,000$/).waitFor();
    expect(await rows(page).count()).toBeLessThan(80);
    await page.getByRole('searchbox').fill('layer99.part9');
    await row(page, 'weight').waitFor();
    asked.length = 0;
    await page.getByRole('button', { name: 'Continue' }).click();
    await eventually(() => asked.length).toBeGreaterThan(0);
    expect(asked[0]).toBe(999);
    await eventually(() => page.locator('.progress').textContent()).toBe('');
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  });

  it('is used by keyboard alone, and by a screen reader', async () => {
    const { page } = await open(small(temporaryFolder()));
    await page.getByRole('searchbox').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => rows(page).count()).toBe(2);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const grid = page.getByRole('treegrid', { name: 'Tensors' });
    const current = async () =>
      page.locator(`[id="${await grid.getAttribute('aria-activedescendant')}"] .grid-label`).textContent();
    await eventually(current).toBe('weight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'model/fc1.weight' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'model/fc1.bias' }).waitFor();
    for (const theme of ['light', 'dark', 'high-contrast']) {
      await page.evaluate(name => {
        document.body.className =
          name === 'high-contrast' ? 'vscode-dark vscode-high-contrast' : `vscode-${name}`;
      }, theme);
      const found = await violations(page, theme === 'light' ? 'all' : 'colours');
      expect(found, theme).toEqual([]);
    }
  });

  it('says in a sentence what is wrong with a file, and reads it again when asked', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'broken.pt');
    writeFileSync(file, 'Not a checkpoint');
    const { page } = await open(file);
    await page.getByRole('heading', { name: 'This file cannot be shown' }).waitFor();
    await page.getByText(/broken\.pt: expected a checkpoint, found /).waitFor();
    writeFileSync(file, readFileSync(small(folder)));
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('heading', { name: 'broken.pt' }).waitFor();
  });
});
