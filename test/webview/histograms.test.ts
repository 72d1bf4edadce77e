import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { HistogramQuery } from '../../src/protocol/looks-page';
import { bell, lineOf, lookOf, type Told } from '../history/looks-support';
import { makeRun, stepsLine, temporaryFolder } from '../history/support';
import { violationsInAllThemes } from './axe';
import { hasBrowser } from './browser';
import { eventually, serve, visit } from './page';

/** What two layers are told of at a step: weights that spread, gradients that shrink. */
const layersAt = (step: number): Told[] => [
  { weight: bell(500, 0.1 + step / 1000), gradient: bell(500, 0.01 / (1 + step)), dead: 0.25 },
  { weight: bell(40, 1), gradient: bell(40, 0.1) },
];

const lines = (steps: readonly number[], tell = layersAt) =>
  steps.map(step => `${lineOf(lookOf(step, tell(step)))}\n`).join('');

/** A run that was looked at, on its page of histograms. */
async function open(steps: readonly number[], tell = layersAt, more: object = {}) {
  const runs = temporaryFolder();
  const last = steps.at(-1) ?? 0;
  const folder = makeRun(runs, 'a', [stepsLine(last + 1, 1, Array(last + 1).fill(1))], more);
  appendFileSync(path.join(folder, 'looks.jsonl'), lines(steps, tell));
  const page = await visit('about:blank');
  const asked: HistogramQuery[] = [];
  page.on('websocket', socket =>
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload));
      if (message.name === 'histograms') asked.push(message.params);
    }),
  );
  const { url } = await serve(runs);
  await page.goto(url);
  await page.getByRole('tab', { name: 'Histograms' }).click();
  return { page, folder, asked, runs };
}

const card = (page: Page, name: string) => page.locator(`[data-tensor="${name}"]`);

/** The numbers below a card. */
const numbers = (page: Page, name: string) => card(page, name).locator('dd').allTextContents();

/** How many different colours the picture of a card has. */
const colours = (page: Page, name: string) =>
  card(page, name)
    .locator('canvas')
    .first()
    .evaluate(canvas => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
        willReadFrequently: true,
      });
      copy?.drawImage(canvas, 0, 0);
      const data = copy?.getImageData(0, 0, canvas.width, canvas.height).data;
      return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer(0))).size;
    });

/** Moves the pointer to a place of a card, between shares of its picture. */
async function point(page: Page, name: string, x: number, y: number): Promise<void> {
  const box = await card(page, name).locator('.tensor-surface').boundingBox();
  if (box === null) throw new Error('the card is not visible');
  await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
}

describe.skipIf(!hasBrowser)('the page of histograms', () => {
  it('shows every tensor layer by layer, drawn, with the numbers of the last step', async () => {
    const { page, asked } = await open([0, 1, 2, 5, 10, 20]);
    await card(page, 'fc2.weight').waitFor();
    const groups = await page.locator('.tensor-group h2').allTextContents();
    expect(groups).toEqual(['fc1, relu1', 'fc2']);
    expect(await page.locator('.tensor-group').first().locator('.tensor-card h3').allTextContents()).toEqual([
      'fc1.weight',
      'fc1.weight.grad',
      'fc1 output',
      'fc1 output.grad',
      'relu1 output',
      'relu1 output.grad',
    ]);
    await eventually(() => numbers(page, 'fc1 output')).toEqual(['0', '1.00', '0.816', '2.00', '33 %']);
    await eventually(() => colours(page, 'fc1.weight')).toBeGreaterThan(10);
    await page.getByRole('radio', { name: 'Heatmap' }).check();
    await eventually(() => colours(page, 'fc1.weight')).toBeGreaterThan(30);
    expect(asked.every(({ bins }) => bins <= 100)).toBe(true);
  });

  it('has one cursor over all cards', async () => {
    const { page } = await open([0, 10, 20, 30, 40]);
    await page.getByRole('radio', { name: 'Heatmap' }).check();
    await eventually(() => colours(page, 'fc1.weight')).toBeGreaterThan(10);
    await eventually(() => colours(page, 'fc2.weight')).toBeGreaterThan(10);
    const where = page.locator('.histograms .where');
    expect(await where.textContent()).toBe('step 40');
    const last = await numbers(page, 'fc1.weight');
    await point(page, 'fc2.weight', 0.2, 0.5);
    await eventually(() => where.textContent()).toBe('step 0');
    const first = await numbers(page, 'fc1.weight');
    // The deviation has grown by 40 %.
    expect(Number(last[2]) / Number(first[2])).toBeCloseTo(1.4, 1);
    const cursor = () => card(page, 'fc1.weight').locator('canvas').nth(1);
    const drawn = await cursor().evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL().length);
    await page.mouse.move(2, 2);
    await eventually(() => where.textContent()).toBe('step 40');
    const empty = await cursor().evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL().length);
    expect(drawn).toBeGreaterThan(empty);
  });

  it('leaves one outlier outside, says so, and shows it with a click', async () => {
    const spiked = (step: number): Told[] => {
      const weight = bell(200, 0.1);
      weight.fill(1000, 0, 8);
      return step === 3 ? [{ weight }] : [{ weight: bell(200, 0.1) }];
    };
    const { page, asked } = await open([0, 1, 2, 3, 4], spiked);
    const range = card(page, 'fc1.weight').getByRole('button', { name: /outside of fc1.weight/ });
    await eventually(() => range.textContent()).toBe('1.7 % outside');
    expect(await range.getAttribute('title')).toBe('Show all values, from -0.352 to 1,000');
    await range.click();
    const usual = card(page, 'fc1.weight').getByText('Usual range');
    await usual.waitFor();
    expect(asked.at(-1)).toMatchObject({ range: 'full' });
    await usual.click();
    await range.waitFor();
    await page.getByRole('radio', { name: 'All' }).check();
    await usual.waitFor();
  });

  it('grows with the run', async () => {
    const { page, folder } = await open([0, 1], layersAt, {
      status: 'running',
      created: new Date().toISOString(),
    });
    const where = page.locator('.histograms .where');
    await eventually(() => where.textContent()).toBe('step 1');
    appendFileSync(path.join(folder, 'looks.jsonl'), lines([2, 4]));
    appendFileSync(path.join(folder, 'metrics.jsonl'), `${stepsLine(5, 1, [1, 1, 1])}\n`);
    await eventually(() => where.textContent()).toBe('step 4');
    await eventually(() => card(page, 'fc1.weight').locator('tbody th').allTextContents()).toEqual([
      '0',
      '1',
      '2',
      '4',
    ]);
  });

  it('warns of values that are no finite numbers', async () => {
    const nan = (step: number): Told[] => [{ weight: step < 20 ? [1, 2] : [1, Number.NaN] }];
    const { page } = await open([0, 10, 20, 30], nan);
    await card(page, 'fc1.weight').getByText('NaN or infinite since step 20').waitFor();
    await eventually(() =>
      card(page, 'fc1.weight').locator('tbody tr').last().locator('td').last().textContent(),
    ).toBe('1 NaN');
    expect(await card(page, 'fc1.weight.grad').locator('.tensor-trouble').isVisible()).toBe(false);
  });

  it('shows what is searched and ticked, and keeps that when it is loaded anew', async () => {
    const { page } = await open([0, 1, 2]);
    await page.getByRole('searchbox', { name: 'Search tensors' }).fill('fc1');
    await page.getByRole('checkbox', { name: 'Activations' }).click();
    await page.getByRole('radio', { name: 'Heatmap' }).check();
    await page.getByRole('checkbox', { name: 'Log steps' }).click();
    const shown = () => page.locator('.tensor-card:visible h3').allTextContents();
    const wanted = ['fc1.weight', 'fc1.weight.grad', 'fc1 output.grad'];
    await eventually(shown).toEqual(wanted);
    await page.reload();
    await eventually(shown).toEqual(wanted);
    expect(await page.getByRole('tab', { name: 'Histograms' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('radio', { name: 'Heatmap' }).isChecked()).toBe(true);
    await page.getByRole('searchbox').fill('conv9');
    await page.getByText('No tensor is called that').waitFor();
    await page.keyboard.press('Escape');
    await eventually(shown).toHaveLength(7);
  });

  it('says what will be there before the first look, and what is not there after the last', async () => {
    const { page, runs } = await open([]);
    await page.getByText('This run has recorded no histograms.').waitFor();
    makeRun(runs, 'b', [], { status: 'running', created: new Date().toISOString() });
    await page.getByRole('tab', { name: 'Charts' }).click();
    await page.locator('.runs').getByRole('button', { name: 'b', exact: true }).click();
    await page.getByRole('tab', { name: 'Histograms' }).click();
    await page.locator('.histograms').getByText('appear here with the first steps').waitFor();
  });

  it('can be moved through with keys alone', async () => {
    const { page } = await open([0, 10, 20]);
    await page.getByRole('tab', { name: 'Histograms' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.histograms').waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowRight');
    const surface = page.getByRole('group', { name: /^fc1.weight: histograms/ });
    await eventually(() => colours(page, 'fc1.weight')).toBeGreaterThan(10);
    for (let i = 0; i < 30 && !(await surface.evaluate(node => node === document.activeElement)); i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Home');
    await eventually(() => page.locator('[aria-live]').textContent()).toMatch(
      /^fc1.weight, step 0, min -0.\d+, mean/,
    );
    await page.keyboard.press('ArrowRight');
    await eventually(() => page.locator('.histograms .where').textContent()).toBe('step 10');
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('.histograms .where').textContent()).toBe('step 20');
  });

  it('can be used by everybody, in light, dark and high contrast', async () => {
    const { page } = await open([0, 10, 20], step => [
      { weight: step < 20 ? bell(300, 1) : [...bell(290, 1), ...Array(10).fill(1e6), Number.NaN] },
    ]);
    await eventually(() => colours(page, 'fc1.weight')).toBeGreaterThan(10);
    expect(await violationsInAllThemes(page)).toEqual([]);
  });
});
