import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../src/protocol/training-events';
import { train } from '../../../src/training';
import { digitsFolder, smallConfig, temporaryFolder } from '../../training/support';
import { violations } from '../axe';
import { hasBrowser } from '../browser';
import { eventually } from '../page';
import { deepNetwork, transformer } from './made-up';
import { drawnOn, openGraphPage, shownRun, sourceOf, spokenOn, surfaceOf } from './page';

/** The folder of a run that was trained for this. */
async function trainedRun(): Promise<string> {
  const events: TrainingEvent[] = [];
  const config = smallConfig({ dataset: digitsFolder(), hidden: [32] });
  await train(config, { runs: temporaryFolder(), onEvent: event => events.push(event) });
  const start = events.find(event => event.event === 'start');
  return start?.run ?? '';
}

describe.skipIf(!hasBrowser)('the graph of a run', () => {
  it('is drawn from the images to the loss, and can be walked through with keys alone', async () => {
    const { page, chosen } = await openGraphPage(await sourceOf(await trainedRun()));
    const surface = surfaceOf(page);
    for (let i = 0; i < 20 && !(await surface.evaluate(node => node === document.activeElement)); i++) {
      await page.keyboard.press('Tab');
    }
    const said = (text: string | RegExp) => eventually(() => spokenOn(page).textContent()).toMatch(text);
    await page.keyboard.press('Home');
    await said(/^images, input, 10×1×28×28, to fc1 Linear$/);
    await page.keyboard.press('ArrowDown');
    await said(/^fc1 Linear, module, 784 → 32 · 25,120 parameters, closed, from images, to relu1 ReLU$/);
    await page.keyboard.press('Enter');
    await said(/^fc1 Linear, .* open/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await said(/^NllLossBackward0, operation, .*, from LogSoftmaxBackward0, labels$/);
    for (const end of [/^LogSoftmaxBackward0/, /^fc2/, /^relu1/, /^AddmmBackward0/]) {
      await page.keyboard.press('ArrowUp');
      await said(end);
    }
    await said(/from bias, images, TBackward0, to relu1 ReLU, in fc1 Linear$|in fc1 Linear$/);
    await page.keyboard.press('Escape');
    await said(/^fc1 Linear, .* open/);
    await page.keyboard.press('Enter');
    await said(/^fc1 Linear, .* closed/);
    // The loss, the log-softmax and the product were chosen on the way; modules are no nodes.
    expect(chosen).toContain(0);
    expect(chosen).toContain(1);
  });

  it('finds a parameter, opens what hides it, and says what was seen of it', async () => {
    const source = await sourceOf(await trainedRun());
    const { page, chosen } = await openGraphPage(source);
    await surfaceOf(page).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('fc1.w');
    await page.getByRole('option', { name: 'fc1.weight AccumulateGrad' }).waitFor();
    await page.keyboard.press('Enter');
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: 'fc1.weight' }).waitFor();
    const number = source.graph?.nodes.findIndex(({ parameter }) => parameter === 'fc1.weight') ?? -1;
    await eventually(() => chosen).toEqual([number]);
    const seen = source.look?.parameters.find(({ name }) => name === 'fc1.weight');
    const shown = async (row: string) =>
      details.getByRole('row', { name: row }).getByRole('cell').allTextContents();
    const close = (row: string, column: number, value: number | null | undefined) =>
      eventually(async () =>
        Math.abs(Number((await shown(row))[column]) / (value ?? Number.NaN) - 1),
      ).toBeLessThan(0.01);
    await close('min', 0, seen?.value.min);
    await close('max', 0, seen?.value.max);
    await close('min', 1, seen?.gradient?.min);
    await close('max', 1, seen?.gradient?.max);
    await details.getByRole('button', { name: 'TBackward0' }).click();
    await details.getByRole('heading', { name: 'TBackward0' }).waitFor();
    await details.getByRole('button', { name: 'fc1 Linear' }).click();
    await details.getByRole('heading', { name: 'fc1', exact: true }).waitFor();
    await page.reload();
    await details.getByRole('heading', { name: 'fc1', exact: true }).waitFor();
  });

  it('shows the node that the host asks for, also before the graph is there', async () => {
    const whole = await sourceOf(await trainedRun());
    const source = { graph: undefined, look: undefined } as Awaited<ReturnType<typeof sourceOf>>;
    const { page, show, showNode, chosen } = await openGraphPage(source, { ...shownRun, going: true });
    await page.getByText('The graph appears here when training begins.').waitFor();
    const number = whole.graph?.nodes.findIndex(({ parameter }) => parameter === 'fc2.bias') ?? -1;
    showNode({ run: shownRun.id, node: number });
    Object.assign(source, whole);
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: 'fc2.bias' }).waitFor();
    showNode({ run: 'another run', node: 0 });
    showNode({ run: shownRun.id, node: 1 });
    await details.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    // Whoever asks for a node needs not be told of it.
    expect(chosen).toEqual([]);
    show(null);
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    await page.getByText('The graph of a run appears here').waitFor();
  });

  it('follows what is seen while training goes on', async () => {
    const source = await sourceOf(await trainedRun());
    const { page } = await openGraphPage(source, { ...shownRun, going: true });
    await page.getByRole('radio', { name: 'Gradient' }).check();
    await page.getByText(`at step ${source.look?.step}`, { exact: true }).waitFor();
    if (source.look !== undefined) source.look = { ...source.look, step: 1234 };
    await page.getByText('at step 1,234').waitFor();
  });

  it('is no larger than the window whatever a file says, and its legend covers nothing', async () => {
    const graph = { ...transformer(2), model: 'a very long name '.repeat(2000) };
    const { page } = await openGraphPage({ graph, look: undefined });
    await drawnOn(page);
    await page.getByRole('button', { name: 'Open all' }).click();
    const boxes = async () => {
      const of = (name: string) => page.locator(name).boundingBox();
      const [surface, legend, details] = [
        await of('.graph-surface'),
        await of('.graph-legend'),
        await of('.graph-details'),
      ];
      if (surface === null || legend === null || details === null) return false;
      return (
        surface.y + surface.height <= legend.y + 1 &&
        surface.x + surface.width <= details.x + 1 &&
        legend.y + legend.height <= 800 &&
        details.y + details.height <= 800
      );
    };
    await eventually(boxes).toBe(true);
    await page.setViewportSize({ width: 800, height: 800 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(
      800,
    );
  });

  it('is saved as SVG and as PNG', async () => {
    const { page, saved } = await openGraphPage(await sourceOf(await trainedRun()));
    await page.getByRole('button', { name: 'Open all' }).click();
    await surfaceOf(page).focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'SVG' }).click();
    await page.getByRole('button', { name: 'PNG' }).click();
    await eventually(() => saved.length).toBe(2);
    const [svg, png] = saved;
    expect(svg?.name).toBe('run-1-graph.svg');
    const text = svg?.content.toString() ?? '';
    expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="[\d.]+" height="[\d.]+"/);
    for (const word of ['AddmmBackward0', 'weight', '32×784', 'bias + a @ b'])
      expect(text).toContain(`>${word}<`);
    const parsed = await page.evaluate(
      source => new DOMParser().parseFromString(source, 'image/svg+xml').documentElement.nodeName,
      text,
    );
    expect(parsed).toBe('svg');
    expect(png?.name).toBe('run-1-graph.png');
    expect(png?.content.subarray(1, 4).toString()).toBe('PNG');
    // Twice as fine as the drawing is large.
    const width = Number(/width="([\d.]+)"/.exec(text)?.[1]);
    expect(png?.content.readUInt32BE(16)).toBe(Math.ceil(2 * width));
  });

  it('can be used by everybody, in light, dark and high contrast', async () => {
    const { page } = await openGraphPage({ graph: transformer(4), look: undefined });
    await drawnOn(page);
    await page.getByRole('button', { name: 'Open all' }).click();
    // What is found is looked for again when the nodes have found their places.
    await eventually(async () => {
      await page.getByRole('combobox').fill('');
      await page.getByRole('combobox').fill('weight');
      return page.getByRole('option').count();
    }).toBeGreaterThan(0);
    for (const contrast of ['no-preference', 'more'] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, contrast });
        await page.evaluate(name => {
          document.body.className = name;
        }, `vscode-${colorScheme}`);
        // The controls take on another theme's colours only after a while.
        const rules = contrast === 'more' || colorScheme === 'dark' ? 'colours' : 'all';
        await eventually(() => violations(page, rules)).toEqual([]);
      }
    }
  });

  it('says that a file cannot be drawn', async () => {
    const graph = transformer(1);
    const [first] = graph.nodes;
    if (first !== undefined) first.next = [0];
    const { page } = await openGraphPage({ graph, look: undefined });
    await page.getByText('cannot be drawn: the links of its nodes go in a circle.').waitFor();
  });

  it('lays out three thousand nodes while the page goes on', async () => {
    const { page } = await openGraphPage({ graph: deepNetwork(3000), look: undefined });
    await drawnOn(page);
    await surfaceOf(page).focus();
    await page.keyboard.press('End');
    await eventually(() => spokenOn(page).textContent()).toMatch(/^NllLossBackward0/);
  });
});
