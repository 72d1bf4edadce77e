/** The page that shows tensors, in a browser, with a real run behind it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, tensorAt } from '../../src/checkpoint';
import { tensorChoices } from '../../src/extension/tensor/tensor-choices';
import { Endpoint } from '../../src/protocol/endpoint';
import { graphSchema } from '../../src/protocol/graph';
import { pageHtml } from '../../src/protocol/page';
import {
  type Situation,
  type TensorHostRequests,
  type TensorPageEvents,
  tensorHostSide,
  tensorPageSide,
} from '../../src/protocol/tensor-page';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { RunControl, train } from '../../src/training';
import { afterThisTest } from '../support/after';
import { digitsFolder, smallConfig, temporaryFolder } from '../training/support';
import { violations } from './axe';
import { hasBrowser } from './browser';
import { eventually, visit } from './page';

const origin = 'http://descent.test';

/** A run that rests before its fourth step. */
async function restingRun() {
  const control = new RunControl();
  const stop = new AbortController();
  const events: TrainingEvent[] = [];
  control.pause();
  control.step(3);
  const config = smallConfig({ dataset: digitsFolder(), hidden: [32] });
  const done = train(config, {
    runs: temporaryFolder(),
    control,
    signal: stop.signal,
    onEvent: event => events.push(event),
  });
  await eventually(() => control.resting && events.some(({ event }) => event === 'step')).toBe(true);
  const start = events.find(event => event.event === 'start');
  const folder = start?.run ?? '';
  afterThisTest(async () => {
    stop.abort();
    await done;
  });
  const end = async () => {
    stop.abort();
    await done;
  };
  const graph = graphSchema.parse(JSON.parse(readFileSync(path.join(folder, 'graph.json'), 'utf8')));
  return { control, folder, end, choices: tensorChoices(graph) };
}

/** Shows the page with this host behind it. */
async function openPage(
  run: Awaited<ReturnType<typeof restingRun>>,
  first: Partial<Situation> = {},
): Promise<{ page: Page; tell: (change: Partial<Situation>) => void; asked: string[] }> {
  const situation = (): Situation => ({
    run: 'run',
    phase: 'paused',
    step: 3,
    choices: run.choices,
    ...first,
  });
  const { inspection } = run.control;
  if (inspection === undefined) throw new Error('the run cannot be looked into');
  const page = await visit('about:blank', { viewport: { width: 1280, height: 900 } });
  const asked: string[] = [];
  const endpoint = new Endpoint<TensorHostRequests, object, object, TensorPageEvents>(
    tensorHostSide,
    tensorPageSide,
    {
      requests: {
        ready: situation,
        summarize: ({ tensor }) => inspection.summarize(tensor),
        values: params => {
          asked.push(`${params.rows * params.columns}`);
          return inspection.values(params);
        },
        picture: params => inspection.picture(params),
        pause: () => {
          asked.push('pause');
          return {};
        },
        step: () => {
          asked.push('step');
          return {};
        },
      },
      events: {},
    },
    message => void page.evaluate(data => window.postMessage(data), message).catch(() => undefined),
  );
  await page.exposeFunction('toHost', (message: unknown) => endpoint.receive(message));
  await page.addInitScript(() => {
    Object.assign(window, {
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => Reflect.get(window, 'toHost')(message),
        getState: () => undefined,
        setState: () => undefined,
      }),
    });
  });
  const html = pageHtml({
    title: 'Tensors',
    scripts: [`${origin}/tensor.js`],
    styles: [`${origin}/browser-theme.css`, `${origin}/tensor-style.css`],
    nonce: 'bm9uY2U=',
    source: origin,
  });
  await page.route(`${origin}/**`, route => {
    const name = path.basename(new URL(route.request().url()).pathname);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: html });
    return route.fulfill({ path: path.resolve('dist/webview', name) });
  });
  await page.goto(`${origin}/`);
  return { page, asked, tell: change => endpoint.notify('situation', { ...situation(), ...change }) };
}

const fact = (page: Page, name: string) =>
  page.locator('.statistics div', { has: page.getByText(name, { exact: true }) }).locator('dd');

describe.skipIf(!hasBrowser)('the page that shows tensors', () => {
  it('shows the numbers that the engine holds, in the statistics, in the grid and in tiles', async () => {
    const run = await restingRun();
    const { page } = await openPage(run);
    await page.getByRole('option', { name: 'fc1.weight' }).first().click();
    await eventually(() => page.locator('h1').textContent()).toBe('fc1.weight');
    await eventually(() => fact(page, 'values').textContent()).toBe('25,088');
    expect(await page.locator('.facts').textContent()).toBe('parameter · [32, 784] · float32 · cpu');
    expect(await page.locator('.status').textContent()).toBe('at step 3, of the step that comes next');
    await eventually(() => page.locator('.tiles canvas').count()).toBe(32);
    const size = await page
      .locator('.tiles canvas')
      .first()
      .evaluate(canvas => (canvas instanceof HTMLCanvasElement ? [canvas.width, canvas.height] : []));
    expect(size).toEqual([28, 28]);
    await page.locator('.row:not(.head)').first().waitFor();
    const shown = await page
      .locator('.row:not(.head)')
      .nth(1)
      .locator('span:not(.index)')
      .evaluateAll(cells => cells.map(cell => cell.getAttribute('title')));
    await run.end();
    const file = path.join(run.folder, 'checkpoints', 'last.pt');
    const saved = tensorAt(readCheckpoint(readFileSync(file), file).value, 'model_state_dict', 'fc1.weight');
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.map(Number)).toEqual(Array.from(saved.data.subarray(784, 784 + shown.length), Number));
  });

  it('shows images where there are some, in greys if they are photographs, and a heat map of all', async () => {
    const { page } = await openPage(await restingRun());
    const option = (group: string, name: string) =>
      page.locator(`.group:text-is("${group}") ~ .item`, { hasText: name }).first();
    await option('Activations', 'fc1').click();
    await eventually(() => page.locator('.map canvas').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Show as' }).count()).toBe(0);
    await option('Gradients of activations', 'fc1').click();
    await eventually(() => page.locator('h1').textContent()).toBe('gradient of fc1');
    await page.getByRole('img', { name: /^gradient of fc1 \[10, 32\] as a heat map, from -/ }).waitFor();
    await option('Inputs', 'images').click();
    await eventually(() => page.locator('.tiles canvas').count()).toBe(10);
    await page.getByRole('img', { name: 'Greys from black to white' }).waitFor();
    const colours = await page
      .locator('.tiles canvas')
      .first()
      .evaluate(canvas => {
        if (!(canvas instanceof HTMLCanvasElement)) return [];
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(i * 4, i * 4 + 3)]);
      });
    expect(colours.every(([red, green, blue]) => red === green && green === blue)).toBe(true);
    expect(new Set(colours.flat()).size).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Show as heat map' }).click();
    await page.getByRole('img', { name: /^images \[10, .*\] as a heat map/ }).waitFor();
    await page.getByRole('button', { name: 'Show as images' }).click();
    await eventually(() => page.locator('.tiles canvas').count()).toBe(10);
  });

  it('leaves the tensor most of a narrow page', async () => {
    const { page } = await openPage(await restingRun());
    await page.setViewportSize({ width: 900, height: 700 });
    const list = async () => (await page.locator('.list').boundingBox())?.width ?? 0;
    await eventually(list).toBeLessThan(900 / 3);
  });

  it('takes on the colours of another theme, in the grid as well', async () => {
    const { page } = await openPage(await restingRun());
    await page.getByRole('option', { name: 'fc1.weight' }).first().click();
    const lines = () =>
      page
        .locator('.row:not(.head) span:not(.index)')
        .evaluateAll(cells =>
          cells.map(cell => (cell instanceof HTMLElement ? cell.style.borderBottomColor : '')),
        );
    // The editor says so by the style of the document.
    const paint = (background: string) =>
      page.evaluate(
        colour => document.documentElement.style.setProperty('--vscode-editor-background', colour),
        background,
      );
    await paint('#ffffff');
    await eventually(async () => (await lines()).length).toBeGreaterThan(2);
    const light = await lines();
    await paint('#1f1f1f');
    const changed = async () => (await lines()).filter((colour, i) => colour !== light[i]).length;
    await eventually(changed).toBeGreaterThan(light.length / 2);
  });

  it('scrolls over all values and asks only for those that can be seen', async () => {
    const { page, asked } = await openPage(await restingRun());
    await page.getByRole('option', { name: 'fc1.weight' }).first().click();
    await page.locator('.row:not(.head)').first().waitFor();
    asked.length = 0;
    await page.locator('.scroller').evaluate(scroller => scroller.scrollTo(1e6, 1e6));
    await eventually(() => page.locator('.values .note').textContent()).toMatch(
      /–31 of 32, columns \d+–783 of 784/,
    );
    expect(asked.map(Number).every(count => count < 2000)).toBe(true);
  });

  it('is reached by keyboard alone, finds by name, and has no violations in any theme', async () => {
    const { page, tell, asked } = await openPage(await restingRun());
    await page.locator('.search').focus();
    await page.keyboard.type('grad fc2');
    await eventually(() => page.getByRole('option').count()).toBe(3);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await eventually(() => page.locator('h1').textContent()).toMatch(/^gradient of fc2/);
    for (const theme of ['light', 'dark', 'high-contrast']) {
      await page.evaluate(name => {
        document.body.className =
          name === 'high-contrast' ? 'vscode-dark vscode-high-contrast' : `vscode-${name}`;
      }, theme);
      expect(await violations(page, theme === 'light' ? 'all' : 'colours'), theme).toEqual([]);
    }
    tell({ phase: 'running' });
    await page.getByRole('button', { name: 'Pause' }).click();
    await eventually(() => asked.includes('pause')).toBe(true);
    tell({ phase: 'none', run: null });
    await page.getByText('No run is in progress').waitFor();
  });
});
