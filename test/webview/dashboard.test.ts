import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ControlMessage } from '../../src/protocol/dashboard';
import { temporaryFolder } from '../history/support';
import { GrowingRun, hasBrowser } from './browser';
import { drag, eventually, listen, serve, size, started, summary, visit, waitForValues } from './page';

describe.skipIf(!hasBrowser)('the dashboard in a browser', () => {
  it('shows a run, and points as they come', async () => {
    const runs = temporaryFolder();
    const run = new GrowingRun(runs, '2026-01-01_00-00-00_mnist-mlp', {
      status: 'running',
      created: new Date().toISOString(),
    });
    run.grow(100);
    const dashboard = await serve(runs, { onControl: () => undefined });
    dashboard.publish(started(run));
    const page = await visit(dashboard.url);
    await waitForValues(page, 'loss', 100);
    expect(await page.locator('.identity h1').textContent()).toBe('mnist-mlp 784-256-10');
    expect(await page.locator('.state').textContent()).toBe('Training');
    run.grow(150);
    await waitForValues(page, 'loss', 250);
    expect(await page.locator('[data-fact="epoch"] dd').textContent()).toBe('3 of 20');
    const scrollHeight = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(scrollHeight).toBeLessThanOrEqual(size.height);
  });

  it('names five runs beside each other with their values, and keeps the large charts level', async () => {
    const runs = temporaryFolder();
    const models = ['256', '128-128-128-128-128-128', '512-256-128-64', '30', '256'];
    models.forEach((model, i) => {
      const more = { name: null, model: `mnist-mlp 784-${model}-10`, epochs: 1 + i, lr: 0.1 / (i + 1) };
      new GrowingRun(runs, `2026-01-0${i + 1}_00-00-00_mnist-mlp`, {
        created: `2026-01-0${i + 1}T00:00:00.000Z`,
        ...more,
      }).grow(200);
    });
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 200);
    const tops = () =>
      page
        .locator('.main-charts .surface')
        .evaluateAll(surfaces => surfaces.map(surface => surface.getBoundingClientRect().top));
    const level = async () => new Set(await tops()).size;
    await eventually(level).toBe(1);
    const boxes = page.locator('.runs vscode-checkbox');
    for (let i = 1; i < models.length; i++) await boxes.nth(i).click();
    for (const width of [1280, 900]) {
      await page.setViewportSize({ width, height: 800 });
      const entries = () => page.locator('[data-chart="loss"] .legend-entry').count();
      await eventually(entries).toBe(models.length + 2);
      const cut = () =>
        page.locator('.legend').evaluateAll(legends =>
          legends.flatMap(legend => {
            const right = legend.getBoundingClientRect().right + 1;
            const names = [...legend.querySelectorAll('.main-charts .legend-name')];
            const values = [...legend.querySelectorAll('.legend-values')];
            return [
              ...names.filter(name => name.scrollWidth > name.clientWidth + 1),
              ...values.filter(value => value.getBoundingClientRect().right > right),
              ...(legend.scrollHeight > legend.clientHeight + 1 ? [legend] : []),
            ].map(({ textContent }) => textContent);
          }),
        );
      await eventually(cut).toEqual([]);
      await eventually(level).toBe(1);
    }
  });

  it('explains a marked moment to who points at it', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'a').grow(1200);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 1200);
    const surface = page.locator('[data-chart="loss"] .surface');
    const box = await surface.boundingBox();
    if (box === null) throw new Error('the chart is not visible');
    const explained = new Set<string | null>();
    for (let share = 0.3; share < 0.9; share += 0.02) {
      await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
      explained.add(await surface.getAttribute('title'));
    }
    const sentences = [...explained].join('\n');
    expect(sentences).toMatch(/After epoch \d+ the validation loss rises while the training loss falls on/);
    expect(sentences).toMatch(/Epoch \d+ has the best accuracy in validation/);
    expect(explained).toContain('');
  });

  it('shows a spike of one step in a hundred thousand, and every value when zoomed in', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'a', { epochs: 1000 }).grow(100_000, 50_005);
    const { url } = await serve(runs);
    const page = await visit('about:blank');
    const asked = listen(page);
    await page.goto(url);
    await waitForValues(page, 'loss', 100_000);
    expect((await summary(page, 'loss'))[3]).toBe('50.00');
    const first = asked.find(({ query }) => query.series === 'train/loss');
    expect(first?.answer?.exact).toBe(false);
    expect(first?.answer?.x.length).toBeLessThan(600);
    // Something is drawn in the middle of the upper half, where nothing but the spike can be.
    const drawn = await page.locator('[data-chart="loss"] canvas').evaluate(canvas => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const { width, height } = canvas;
      const data =
        canvas.getContext('2d')?.getImageData(width * 0.45, height * 0.26, width * 0.15, 1).data ?? [];
      let coloured = 0;
      for (let i = 0; i < data.length; i += 4) {
        const [red = 0, , blue = 0, alpha = 0] = data.slice(i, i + 4);
        if (alpha > 40 && blue > red + 60) coloured++;
      }
      return coloured;
    });
    expect(drawn).toBeGreaterThan(0);
    const latest = () => asked.filter(({ query, answer }) => query.series === 'train/loss' && answer).at(-1);
    await drag(page, 'loss', 0.4, 0.68);
    await eventually(() => latest()?.query.from).toBeGreaterThan(30_000);
    expect(latest()?.query.to).toBeLessThan(70_000);
    expect(latest()?.answer?.max).toContain(50);
    await page.locator('[data-chart="loss"] .surface').focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('+');
    await eventually(() => latest()?.answer?.exact).toBe(true);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await waitForValues(page, 'loss', 100_000);
  });

  it('never holds more than a few thousand points, and pans with those that it has', async () => {
    const runs = temporaryFolder();
    for (const id of ['a', 'b', 'c', 'd', 'e']) new GrowingRun(runs, id, { epochs: 1000 }).grow(20_000);
    const page = await visit('about:blank');
    const asked = listen(page);
    await page.goto((await serve(runs)).url);
    await waitForValues(page, 'loss', 20_000);
    const held = () => {
      const latest = new Map(asked.map(({ query, answer }) => [`${query.run} ${query.series}`, answer]));
      return [...latest.values()].reduce((sum, answer) => sum + (answer?.x.length ?? 0), 0);
    };
    // One answer may lead to another question: it is over when there was none for a while.
    const settled = async () => {
      for (let known = -1; known !== asked.length; await page.waitForTimeout(300)) {
        known = asked.length;
        await eventually(() => asked.every(({ answer }) => answer !== undefined)).toBe(true);
      }
    };
    const surface = page.locator('[data-chart="loss"] .surface');
    for (const others of [0, 4]) {
      for (let i = 0; i < others; i++) {
        await page
          .locator('.runs li')
          .nth(i + 1)
          .getByRole('checkbox')
          .click();
      }
      const lines = 2 * (others + 1);
      await page
        .locator('[data-chart="loss"] tbody tr')
        .nth(lines - 1)
        .waitFor({ state: 'attached' });
      await surface.focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press('+');
      await settled();
      expect(held()).toBeGreaterThan(500);
      expect(held()).toBeLessThan(7000);
    }
    // Within what was asked for beside the visible range, nothing is asked.
    const before = asked.length;
    await page.keyboard.down('Shift');
    await drag(page, 'loss', 0.5, 0.7);
    await page.keyboard.up('Shift');
    expect(asked.length).toBe(before);
    await page.keyboard.down('Shift');
    await drag(page, 'loss', 0.2, 0.9);
    await page.keyboard.up('Shift');
    await eventually(() => asked.length).toBeGreaterThan(before);
  });

  it('sends what its controls say, and shows what is answered', async () => {
    const runs = temporaryFolder();
    const run = new GrowingRun(runs, 'a', { status: 'running', created: new Date().toISOString() });
    run.grow(100);
    const orders: ControlMessage[] = [];
    const dashboard = await serve(runs, {
      onControl: message => {
        orders.push(message);
        if (message.action === 'step') throw new Error('no step can be taken now');
        if (message.action === 'pause') dashboard.publish({ event: 'change', paused: true });
      },
    });
    const start = {
      model: 'm',
      parameters: 1,
      device: 'cpu',
      deviceReason: '',
      epochs: 20,
      stepsPerEpoch: 100,
      learning: [],
    };
    const dataset = { name: 'mnist', train: 1, validation: 1, test: 1, shape: [], classes: [] };
    dashboard.publish({ event: 'start', run: run.folder, ...start, dataset, step: 0 });
    const page = await visit(dashboard.url);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await page.locator('.state').textContent()).toBe('Paused');
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.getByText('no step can be taken now').waitFor();
    const rate = page.getByRole('textbox', { name: 'Learning rate' });
    await rate.fill('0.05');
    await rate.press('Enter');
    await rate.fill('nothing');
    await rate.press('Enter');
    await page.getByText('A learning rate is a number above 0').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await eventually(() => orders.length).toBe(5);
    expect(orders).toEqual([
      { action: 'pause' },
      { action: 'resume' },
      { action: 'step' },
      { action: 'learning-rate', value: 0.05 },
      { action: 'stop' },
    ]);
    dashboard.publish({ event: 'stopped', epoch: 1, step: 100, checkpoint: '', run: run.folder });
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  });

  it('keeps what was set when it is loaded anew', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'first', { created: '2026-01-01T00:00:00.000Z' }).grow(500);
    new GrowingRun(runs, 'second', { created: '2026-01-02T00:00:00.000Z' }).grow(700);
    const { url } = await serve(runs);
    const page = await visit(url);
    await waitForValues(page, 'loss', 700);
    await page.locator('.runs').getByRole('button', { name: 'first' }).click();
    await waitForValues(page, 'loss', 500);
    await page.locator('.runs li', { hasText: 'second' }).getByRole('checkbox').click();
    await page.locator('[data-chart="loss"] tbody tr').nth(3).waitFor({ state: 'attached' });
    await page.getByRole('radio', { name: 'Epoch' }).check();
    await page.getByRole('slider', { name: 'Smoothing' }).fill('0.5');
    await page.getByRole('button', { name: 'Settings and export of loss' }).click();
    await page.getByRole('checkbox', { name: 'Logarithmic vertical axis' }).first().click();
    await page.keyboard.press('Escape');
    await drag(page, 'accuracy', 0.3, 0.7);
    await page.getByRole('button', { name: 'Show everything' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Show everything' }).waitFor();
    expect(await page.locator('.identity h1').textContent()).toBe('first');
    expect(await page.getByRole('radio', { name: 'Epoch' }).isChecked()).toBe(true);
    await page.locator('[data-chart="loss"] tbody tr').nth(3).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Settings and export of loss' }).click();
    expect(await page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0.5');
    const log = page.getByRole('checkbox', { name: 'Logarithmic vertical axis' }).first();
    expect(await log.getAttribute('aria-checked')).toBe('true');
  });

  it('offers the picture and the table of a chart', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'a').grow(25_000);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 25_000);
    await page.getByRole('button', { name: 'Settings and export of loss' }).click();
    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('[data-chart="loss"]').getByRole('button', { name }).click(),
      ]);
      return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
    };
    const picture = await save('Save as PNG');
    expect(picture.name).toBe('a-loss.png');
    expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
    const table = await save('Save as CSV');
    const lines = table.content.toString().trim().split('\n');
    expect(lines[0]).toBe('run,series,step,epoch,seconds,value');
    expect(lines).toHaveLength(1 + 25_000 + 250);
    expect(lines[100]).toMatch(/^a,train\/loss,100,1.0000,2.000,/);
  });

  it('can be read and moved through with keys alone', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'a').grow(300);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 300);
    const surface = page.getByRole('group', { name: /^Loss: chart/ });
    for (let i = 0; i < 40 && !(await surface.evaluate(node => node === document.activeElement)); i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await eventually(() => page.locator('[aria-live]').textContent()).toMatch(/^step \d+, training [\d.]+/);
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Show everything' }).waitFor();
    await page.keyboard.press('0');
    await page.getByRole('button', { name: 'Show everything' }).waitFor({ state: 'hidden' });
  });

  it('says what will be there before the first run, and shows it when it comes', async () => {
    const runs = temporaryFolder();
    let asked = 0;
    const page = await visit((await serve(runs, { onTrain: () => void asked++ })).url);
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    await page.getByRole('button', { name: 'Train MNIST MLP' }).click();
    await eventually(() => asked).toBe(1);
    new GrowingRun(runs, 'a').grow(20);
    await waitForValues(page, 'loss', 20);
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor({ state: 'hidden' });
  });
});
