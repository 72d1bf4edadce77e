import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lineOf, lookOf, type Told } from '../history/looks-support';
import { makeRun, stepsLine, temporaryFolder } from '../history/support';
import { violationsInAllThemes } from './axe';
import { hasBrowser } from './browser';
import { eventually, serve, visit } from './page';

/** A network whose first layer learns nothing, and half of whose units are dead. */
const vanishing = (step: number): Told[] => [
  { weight: [3, 4], gradient: [1e-5], update: 1e-6, dead: 0.62 },
  { weight: [6 + step, 8], gradient: [0.1], update: 0.001 * (1 + step) },
];

const lines = (steps: readonly number[], tell: (step: number) => readonly Told[]) =>
  steps.map(step => `${lineOf(lookOf(step, tell(step)))}\n`).join('');

/** A run that was looked at, on its page of layers. */
async function open(steps: readonly number[], tell = vanishing, more: object = {}) {
  const runs = temporaryFolder();
  const last = steps.at(-1) ?? 0;
  const folder = makeRun(runs, 'a', [stepsLine(last + 1, 1, Array(last + 1).fill(1))], more);
  appendFileSync(path.join(folder, 'looks.jsonl'), lines(steps, tell));
  const page = await visit((await serve(runs)).url);
  await page.getByRole('tab', { name: 'Layers' }).click();
  return { page, folder };
}

/** The values of a layer as the table has them. */
async function values(page: Page, layer: string): Promise<string[]> {
  const row = page.locator('.layer-table tbody tr', { has: page.getByText(layer, { exact: true }) });
  const cells = await row.locator('td .layer-texts > span:first-child').allTextContents();
  return cells.map(text => text.trim());
}

/** How high the coloured part of a strip is at its right end, as a share of the strip. */
const height = (page: Page, row: number, metric: string) =>
  page
    .locator(`.layer-table tbody tr >> nth=${row}`)
    .locator(`[data-metric="${metric}"] canvas`)
    .evaluate(canvas => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
        willReadFrequently: true,
      });
      copy?.drawImage(canvas, 0, 0);
      const data = copy?.getImageData(canvas.width - 1, 0, 1, canvas.height).data ?? [];
      return data.filter((byte, i) => i % 4 === 3 && byte === 255).length / canvas.height;
    });

describe.skipIf(!hasBrowser)('the page of layers', () => {
  it('shows a row for each layer, and says what is wrong in words', async () => {
    const { page } = await open([0, 1, 2, 3]);
    await eventually(() => values(page, 'fc1')).toEqual(['1.0e-5', '1e-4 %', '5.00', '62 %']);
    expect(await values(page, 'fc2')).toEqual(['0.100', '0.4 %', '12.0', '–']);
    expect(await page.locator('.warnings li p:first-child').allTextContents()).toEqual([
      'Gradients shrink 10,000× from fc2 to fc1.',
      "62 % of relu1's units are dead: they give 0 for every sample of the batch.",
    ]);
    expect(await page.locator('.warned').count()).toBe(1);
    await eventually(() => height(page, 1, 'gradient')).toBeGreaterThan(0.75);
    expect(await height(page, 0, 'gradient')).toBeLessThan(0.15);
    expect(await height(page, 0, 'dead')).toBeCloseTo(0.65, 1);
    expect(await height(page, 1, 'dead')).toBe(0);
  });

  it('has all columns in view beside an open sidebar, and their numbers whole', async () => {
    const { page } = await open([0, 1, 2, 3]);
    await eventually(() => values(page, 'fc1')).toHaveLength(4);
    for (const width of [1280, 900, 720]) {
      await page.setViewportSize({ width, height: 800 });
      const cut = () =>
        page.locator('.layer-surface').evaluate(surface => ({
          beyond: surface.scrollWidth - surface.clientWidth,
          texts: [...surface.querySelectorAll('.layer-texts > span, .layer-legend')]
            .filter(text => text.scrollWidth > text.clientWidth + 1 && text.clientWidth > 0)
            .map(text => text.textContent),
        }));
      await eventually(cut).toEqual({ beyond: 0, texts: [] });
    }
  });

  it('shows the values of the step under the pointer, of all layers', async () => {
    const { page } = await open([0, 1, 2, 3]);
    await eventually(() => height(page, 1, 'gradient')).toBeGreaterThan(0.5);
    const strip = page.locator('[data-metric="weight"] canvas').first();
    await strip.hover({ position: { x: 2, y: 10 } });
    await eventually(() => values(page, 'fc2')).toEqual(['0.100', '0.1 %', '10.0', '–']);
    expect(await page.locator('.layers .where').textContent()).toBe('step 0');
    expect(await page.locator('.layer-cursor').first().isVisible()).toBe(true);
    await page.mouse.move(2, 2);
    await eventually(() => page.locator('.layers .where').textContent()).toBe('step 3');
  });

  it('grows with the run, and takes back what is over', async () => {
    const tell = (step: number): Told[] => [{ update: step < 4 ? 0.5 : 0.001 }, {}];
    const more = { status: 'running', created: new Date().toISOString() };
    const { page, folder } = await open([0, 1, 2, 3], tell, more);
    await page.getByText('Updates are 50 % of the weights in fc1').waitFor();
    appendFileSync(path.join(folder, 'looks.jsonl'), lines([10, 20, 30, 40, 50, 60], tell));
    appendFileSync(path.join(folder, 'metrics.jsonl'), `${stepsLine(61, 1, Array(57).fill(1))}\n`);
    await page.getByText('Nothing looks wrong up to step 60.').waitFor();
    await eventually(() => values(page, 'fc1')).toEqual(['0.500', '0.1 %', '5.00', '–']);
  });

  it('says what will be there, and what is not there', async () => {
    const { page } = await open([]);
    await page.getByText('This run has recorded nothing of its layers.').waitFor();
    const running = { status: 'running', created: new Date().toISOString() };
    const other = await open([], vanishing, running);
    await other.page.locator('.layers').getByText('appear here with the first steps').waitFor();
  });

  it('can be read with keys alone, and keeps what was set', async () => {
    const { page } = await open([0, 1, 2, 3]);
    await page.getByRole('group', { name: /^Layers over steps/ }).focus();
    await page.keyboard.press('Home');
    await eventually(() => page.locator('[aria-live]').textContent()).toBe(
      'step 0: fc1, Gradient norm 1.0e-5, Update / weight 1e-4 %, Weight norm 5.00, Dead ReLU units 62 %',
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await eventually(() => page.locator('[aria-live]').textContent()).toMatch(
      /^step 1: fc2, .*Weight norm 10.6/,
    );
    await page.getByRole('checkbox', { name: 'Log steps' }).last().click();
    await page.reload();
    await eventually(() => values(page, 'fc2')).toHaveLength(4);
    const log = page.getByRole('tabpanel', { name: 'Layers' }).getByRole('checkbox', { name: 'Log steps' });
    expect(await log.getAttribute('aria-checked')).toBe('true');
  });

  it('can be used by everybody, in light, dark and high contrast', async () => {
    const { page } = await open([0, 1, 2, 3]);
    await eventually(() => values(page, 'fc1')).toHaveLength(4);
    expect(await violationsInAllThemes(page)).toEqual([]);
  });
});
