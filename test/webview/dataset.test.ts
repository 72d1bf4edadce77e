/** The page of a dataset in a browser: figures and pictures against the files themselves. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { loadIdxFolder } from '../../src/data/idx-folder';
import type { ImageSplit } from '../../src/data/image-data';
import { DatasetHost } from '../../src/extension/datasets/reader/dataset-host';
import { folderWith } from '../data/helpers';
import { grey } from '../data/support';
import { digitsFolder, writeDataset } from '../training/support';
import { violationsInAllThemes } from './axe';
import { hasBrowser } from './browser';
import { visitEditorPage } from './editor-page';
import { eventually } from './page';

/** What the page has asked for, and what was sent to it. */
interface Traffic {
  readonly asked: { readonly name: string; readonly params: Record<string, unknown> }[];
  /** Characters of the longest message. */
  longest: number;
}

const messageSchema = z.object({ name: z.string(), params: z.record(z.string(), z.unknown()) });

interface OpenPage {
  readonly page: Page;
  readonly traffic: Traffic;
  /** Tells the page something that it has not asked for. */
  readonly tell: (name: string, params: object) => void;
}

async function openPage(folder: string): Promise<OpenPage> {
  const traffic: Traffic = { asked: [], longest: 0 };
  let tell: OpenPage['tell'] = () => undefined;
  const page = await visitEditorPage('dataset', send => {
    tell = (name, params) => send({ kind: 'event', name, params });
    const host = new DatasetHost(folder, message => {
      traffic.longest = Math.max(traffic.longest, JSON.stringify(message).length);
      send(message);
    });
    return {
      receive: message => {
        traffic.asked.push(messageSchema.parse(message));
        host.receive(message);
      },
    };
  });
  return { page, traffic, tell };
}

/** The row of a class. */
function row(page: Page, label: number): Locator {
  return page.locator('.classes tbody tr').nth(label);
}

/** The samples that a row shows, with the grey of each pixel as it is drawn. */
async function samplesIn(page: Page, label: number): Promise<{ index: number; pixels: number[] }[]> {
  return row(page, label)
    .locator('li:not([hidden]) .tile')
    .evaluateAll(tiles =>
      tiles.map(tile => {
        const canvas = tile.querySelector('canvas');
        const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return {
          index: Number(tile.querySelector('.index')?.textContent),
          pixels: Array.from(data).filter((_, i) => i % 4 === 0),
        };
      }),
    );
}

/** Waits until a row shows samples. */
async function filled(page: Page, label: number): Promise<void> {
  await row(page, label).locator('.tile').first().waitFor();
}

function pixelsOf(split: ImageSplit, index: number): number[] {
  return [...split.images.subarray(index * 784, (index + 1) * 784)];
}

describe.skipIf(!hasBrowser)('the page of a dataset', () => {
  it('shows samples of each class: the very pixels of the files', async () => {
    const folder = digitsFolder({ train: 600, test: 100 });
    const { train } = loadIdxFolder(folder);
    const { page, traffic } = await openPage(folder);
    await filled(page, 9);
    const shown = await samplesIn(page, 7);
    const members = [...train.labels.keys()].filter(index => train.labels[index] === 7);
    expect(shown.length).toBeGreaterThanOrEqual(12);
    expect(shown.map(({ index }) => index)).toEqual(members.slice(0, shown.length));
    for (const { index, pixels } of shown) expect(pixels).toEqual(pixelsOf(train, index));
    expect(await row(page, 7).locator('.tile').first().getAttribute('aria-label')).toBe(
      `Training sample ${members[0]}, class 7`,
    );
    expect(traffic.longest).toBeLessThan(60_000);
  });

  it('says what the dataset holds, in the figures that PyTorch gives', async () => {
    const folder = digitsFolder({ train: 600, test: 100 });
    const { train, test } = loadIdxFolder(folder);
    const { page } = await openPage(folder);
    const fact = (name: string) =>
      page.locator('.fact', { has: page.getByText(name, { exact: true }) }).locator('dd');
    await filled(page, 0);
    const mean = (pixels: Uint8Array) => pixels.reduce((a, b) => a + b, 0) / pixels.length;
    expect(await page.locator('h1:visible').textContent()).toBe(path.basename(folder));
    expect(await fact('Samples').textContent()).toBe('600');
    expect(await fact('Image').textContent()).toMatch(/^28 × 28/);
    expect(await fact('Pixels').textContent()).toBe('0 to 255');
    expect(await fact('Mean').textContent()).toContain(mean(train.images).toFixed(2));
    const counts = (split: ImageSplit) =>
      Array.from({ length: 10 }, (_, label) => split.labels.filter(each => each === label).length);
    const shown = page.locator('.class-count');
    expect(await shown.allTextContents()).toEqual(counts(train).map(String));
    await page.getByRole('radio', { name: 'Test' }).check();
    if (test === undefined) throw new Error('there is a test set');
    expect(await shown.allTextContents()).toEqual(counts(test).map(String));
    expect(await fact('Mean').textContent()).toContain(mean(test.images).toFixed(2));
    await filled(page, 0);
    const [first] = await samplesIn(page, 0);
    expect(first?.pixels).toEqual(pixelsOf(test, first?.index ?? 0));
  });

  it('shows more of a class until there are no more, others at random, and the first ones again', async () => {
    const folder = digitsFolder({ train: 600, test: 100 });
    const { train } = loadIdxFolder(folder);
    const { page } = await openPage(folder);
    await filled(page, 3);
    const indices = async () => (await samplesIn(page, 3)).map(({ index }) => index);
    const first = await indices();
    const members = [...train.labels.keys()].filter(index => train.labels[index] === 3);
    const more = page.getByRole('button', { name: 'More samples of class 3' });
    while (await more.isVisible()) {
      const before = (await indices()).length;
      await more.click();
      await eventually(async () => (await indices()).length).toBeGreaterThan(before);
    }
    await eventually(indices).toEqual(members);
    await page.getByRole('button', { name: 'Fewer samples of class 3' }).click();
    expect(await indices()).toEqual(first);
    await page.getByRole('button', { name: 'Shuffle' }).click();
    await filled(page, 3);
    await eventually(async () => (await indices()).length).toBe(first.length);
    const shuffled = await indices();
    expect(shuffled).not.toEqual(first);
    expect(new Set(shuffled).size).toBe(shuffled.length);
    for (const index of shuffled) expect(train.labels[index]).toBe(3);
    await page.getByRole('button', { name: 'File Order' }).click();
    await eventually(indices).toEqual(first);
  });

  it('asks only for what is in sight, and keeps what was set when it is loaded anew', async () => {
    const { page, traffic } = await openPage(digitsFolder({ train: 600, test: 100 }));
    await page.setViewportSize({ width: 1280, height: 400 });
    await page.reload();
    traffic.asked.length = 0;
    await filled(page, 0);
    const labels = () =>
      traffic.asked.filter(({ name }) => name === 'samples').map(({ params }) => params['label']);
    expect(labels()).not.toContain(9);
    await row(page, 9).scrollIntoViewIfNeeded();
    await filled(page, 9);
    expect(labels()).toContain(9);
    await page.getByRole('radio', { name: 'Test' }).check();
    await page.getByRole('button', { name: 'Shuffle' }).click();
    await filled(page, 9);
    const before = await samplesIn(page, 9);
    await page.reload();
    await row(page, 9).scrollIntoViewIfNeeded();
    await filled(page, 9);
    expect(await page.getByRole('radio', { name: 'Test' }).isChecked()).toBe(true);
    expect(await samplesIn(page, 9)).toEqual(before);
  });

  it('can be gone through with keys alone, and enlarges what is chosen', async () => {
    const { page } = await openPage(digitsFolder({ train: 600, test: 100 }));
    await filled(page, 9);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    const label = (rowIndex: number, i: number) =>
      row(page, rowIndex).locator('.tile').nth(i).getAttribute('aria-label');
    for (let i = 0; i < 30 && (await focused()) !== (await label(0, 0)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(await label(1, 2));
    const lens = page.getByRole('complementary', { name: 'Chosen sample' });
    expect(await lens.isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    const index = async (i: number) => row(page, 1).locator('.index').nth(i).textContent();
    expect(await lens.textContent()).toContain(`Index${await index(2)}, training`);
    await page.keyboard.press('ArrowLeft');
    expect(await lens.textContent()).toContain(`Index${await index(1)}, training`);
    await page.keyboard.press('Escape');
    expect(await lens.isVisible()).toBe(false);
    expect(await focused()).toBe(await label(1, 1));
    await page.keyboard.press('Home');
    expect(await focused()).toBe(await label(1, 0));
  });

  it('draws each pixel as a square with sharp edges', async () => {
    const folder = digitsFolder({ train: 100, test: 0 });
    const { page } = await openPage(folder);
    await filled(page, 0);
    const canvas = row(page, 0).locator('canvas').first();
    const size = async () => {
      const box = await canvas.boundingBox();
      return [box?.width, box?.height];
    };
    await eventually(size).toEqual([56, 56]);
    expect(await canvas.evaluate(node => getComputedStyle(node).imageRendering)).toBe('pixelated');
  });

  it('says what is wrong with a dataset, and shows it when that is mended', async () => {
    const folder = digitsFolder();
    const labels = path.join(folder, 'train-labels-idx1-ubyte');
    const kept = readFileSync(labels);
    rmSync(labels);
    const { page } = await openPage(folder);
    await page.getByText(/expected train-labels-idx1-ubyte/).waitFor();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(labels, kept);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await filled(page, 0);
  });

  it('asks what only the person can tell, and keeps the answer', async () => {
    const pixels = 'label,a\n'.replace(
      'label,a',
      ['label', ...Array.from({ length: 64 }, (_, i) => `p${i}`)].join(),
    );
    const rows = Array.from({ length: 8 }, (_, i) => [
      i % 2,
      ...Array.from({ length: 64 }, (_, k) => 9 * i + k),
    ]);
    const table = pixels + rows.map(row => row.join()).join('\n');
    const folder = folderWith({ 'one.csv': table, 'two.csv': table });
    const { page } = await openPage(folder);
    await page.getByText('can be read in 2 ways').waitFor();
    await page.getByRole('button', { name: 'two.csv' }).click();
    await filled(page, 1);
    const kept: unknown = JSON.parse(readFileSync(path.join(folder, 'descent.json'), 'utf8'));
    expect(kept).toEqual({ format: 'csv', file: 'two.csv' });
  });

  it('says that whoever reads has failed, and reads anew when it is asked or told to', async () => {
    const folder = digitsFolder({ train: 100, test: 0 });
    const { page, traffic, tell } = await openPage(folder);
    const opened = () => traffic.asked.filter(({ name }) => name === 'open').length;
    await filled(page, 0);
    tell('failed', { message: 'the dataset could not be read: out of memory' });
    await page.getByText('out of memory').waitFor();
    expect(await page.locator('.tile').first().isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await row(page, 0).locator('.tile').first().waitFor();
    expect(opened()).toBe(2);
    tell('changed', {});
    await eventually(opened).toBe(3);
    await filled(page, 0);
  });

  it('shows a class that has no samples as such', async () => {
    const { train } = loadIdxFolder(digitsFolder({ train: 300, test: 0 }));
    const labels = train.labels.map(label => (label === 4 ? 5 : label));
    const { page } = await openPage(writeDataset({ train: { ...train, labels }, test: undefined }));
    await filled(page, 5);
    expect(await row(page, 4).locator('.class-count').textContent()).toBe('0');
    expect(await row(page, 4).locator('.tile').count()).toBe(0);
    expect(await page.getByRole('radio').count()).toBe(1);
  });

  it('finds what is wrong, shows tensors, filters classes, and tries and keeps transforms', async () => {
    const one = (value: number) => grey(value, 12, 12);
    const folder = folderWith({
      'train/cats/1.png': one(1),
      'train/cats/2.png': one(2),
      'train/cats/broken.png': 'no image',
      'train/dogs/3.png': one(3),
      'train/dogs/again.png': one(1),
      'test/cats/1.png': one(2),
      'test/dogs/4.png': grey(9, 20, 12),
    });
    const { page } = await openPage(folder);
    await filled(page, 1);
    const warning = page.locator('.warning');
    await warning.waitFor();
    expect(await warning.textContent()).toMatch(/^1 sample of the test set is in the training set, too/);
    expect(await page.getByRole('img', { name: 'Mean image of class dogs' }).isVisible()).toBe(true);
    await page.getByRole('searchbox', { name: 'Filter classes' }).fill('DOG');
    expect(await row(page, 0).isVisible()).toBe(false);
    expect(await row(page, 1).isVisible()).toBe(true);
    await row(page, 1).locator('.tile').last().click();
    await page.getByRole('button', { name: 'Show Tensor' }).click();
    await page.getByText('train/dogs/again.png · float32 [1, 12, 12]').waitFor();
    await page.locator('.statistics', { hasText: '0.003922' }).waitFor();
    expect(await violationsInAllThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await warning.click();
    const found = page.getByRole('tabpanel', { name: 'Check' });
    expect(await found.getByRole('listitem').filter({ hasText: 'again.png' }).first().textContent()).toBe(
      ['Training 0catstrain/cats/1.png', 'Training 3dogstrain/dogs/again.png'].join(''),
    );
    expect(await found.getByRole('row').allTextContents()).toEqual([
      'FileReason',
      'train/cats/broken.pngis no image, or a damaged one: its first bytes are of no known format',
      'Height × widthImagesSuch as',
      '12 × 125train/cats/1.png, …',
      '12 × 201test/dogs/4.png',
    ]);
    expect(await violationsInAllThemes(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Transforms' }).click();
    const text = page.getByRole('textbox', { name: 'Transforms, one a line' });
    await text.fill('RandomCrop(20)');
    await page.getByText('Required crop size 20×20 is larger than input image size 12×12').waitFor();
    await text.fill('Resize(9)');
    await page.getByRole('button', { name: 'RandomHorizontalFlip()' }).click();
    await page.getByText('becomes 9 × 9').waitFor();
    expect(await page.locator('.preview canvas').count()).toBe(4 * 7);
    expect(await violationsInAllThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep in descent.json' }).click();
    await page.getByText('Kept: runs on this folder').waitFor();
    const kept: unknown = JSON.parse(readFileSync(path.join(folder, 'descent.json'), 'utf8'));
    expect(kept).toEqual({ transforms: ['Resize(9)', 'RandomHorizontalFlip()'] });
  });

  it('can be used by everybody, in light, dark and high contrast', async () => {
    const { page } = await openPage(digitsFolder({ train: 600, test: 100 }));
    await filled(page, 9);
    await row(page, 0).locator('.tile').first().click();
    expect(await violationsInAllThemes(page)).toEqual([]);
  });
});
