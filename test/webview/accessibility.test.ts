/** Whether everybody can use the dashboard: in every state, every theme and every width. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { stepsLine, temporaryFolder } from '../history/support';
import { violationsInAllThemes } from './axe';
import { GrowingRun, hasBrowser } from './browser';
import { eventually, serve, started, visit, waitForValues } from './page';

/** Looks at the page in light, dark and both kinds of high contrast, wide and narrow. */
async function expectNoViolations(page: Page): Promise<void> {
  for (const width of [1400, 480]) {
    await page.setViewportSize({ width, height: 800 });
    expect({ width, violations: await violationsInAllThemes(page) }).toEqual({ width, violations: [] });
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect({ width, sideways }).toEqual({ width, sideways: 0 });
  }
}

/** Makes three runs that differ in their learning rates. */
function threeRuns(runs: string): void {
  [0.1, 0.01, 0.001].forEach((lr, i) => {
    const created = `2026-01-0${i + 1}T00:00:00.000Z`;
    new GrowingRun(runs, `2026-01-0${i + 1}_00-00-00_mnist-mlp`, { created, lr }).grow(900);
  });
}

describe.skipIf(!hasBrowser)('everybody can use the dashboard', { timeout: 90_000 }, () => {
  it('before the first run', async () => {
    const page = await visit((await serve(temporaryFolder(), { onTrain: () => undefined })).url);
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    await expectNoViolations(page);
  });

  it('with one run, and the settings of a chart', async () => {
    const runs = temporaryFolder();
    threeRuns(runs);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 900);
    await page.getByRole('button', { name: 'Settings and export of loss' }).click();
    await expectNoViolations(page);
  });

  it('with several runs, one of them hidden', async () => {
    const runs = temporaryFolder();
    threeRuns(runs);
    const page = await visit((await serve(runs)).url);
    for (const row of [1, 2]) await page.locator('.runs li').nth(row).getByRole('checkbox').click();
    const legend = page.locator('[data-chart="loss"] .legend-entry');
    await eventually(() => legend.locator('.legend-name').allTextContents()).toEqual([
      'lr 0.001',
      'lr 0.01',
      'lr 0.1',
      'training',
      'validation',
    ]);
    await page.getByRole('button', { name: 'lr 0.01' }).first().click();
    await expectNoViolations(page);
  });

  it('with a run that ended without a number', async () => {
    const runs = temporaryFolder();
    const error = 'the loss became NaN at step 311';
    const run = new GrowingRun(runs, 'a', { status: 'failed', error });
    run.grow(300);
    const losses = [2, 3, 8, 50, 900, null, null, null, null, null];
    appendFileSync(path.join(run.folder, 'metrics.jsonl'), `${stepsLine(310, 4, losses)}\n`);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 310);
    await page.getByText(error).waitFor();
    expect(await page.locator('[data-chart="loss"] .legend-value').first().textContent()).toBe('–');
    await eventually(() => page.locator('#summary-loss').textContent()).toMatch(
      /^Training: from \d\.\d+ at step 1 to 900\.0 at step 305, between 0\.\d+ and 900\.0\./,
    );
    await expectNoViolations(page);
  });

  it('with a run that has paused before a step that goes wrong', async () => {
    const runs = temporaryFolder();
    const run = new GrowingRun(runs, 'a', { status: 'running', created: new Date().toISOString() });
    run.grow(120);
    const dashboard = await serve(runs, { onControl: () => undefined });
    dashboard.publish(started(run));
    const page = await visit(dashboard.url);
    await waitForValues(page, 'loss', 120);
    const place = { node: 3, of: 'value', name: 'LogSoftmaxBackward0' } as const;
    dashboard.publish({ event: 'breakpoint', epoch: 2, step: 120, reason: 'the loss became NaN', ...place });
    await page
      .getByText('Paused before step 121: the loss became NaN; it goes wrong first in LogSoftmax')
      .waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await expectNoViolations(page);
    // Only a run that is known to rest can go on.
    dashboard.publish({ event: 'change', paused: true });
    dashboard.publish({ event: 'change', paused: false });
    await page.getByText('Paused before step 121').waitFor({ state: 'hidden' });
  });

  it('with keys alone: Tab reaches every control', async () => {
    const runs = temporaryFolder();
    threeRuns(runs);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 900);
    const expected = await page
      .locator('button:visible, input:visible, [tabindex="0"]:visible, vscode-checkbox:visible')
      .evaluateAll(found =>
        found
          .filter(node => !(node instanceof HTMLInputElement && node.type === 'radio' && !node.checked))
          .filter(node => node.getAttribute('aria-disabled') !== 'true')
          // Of a bar of tabs one is reached; arrow keys lead to the others.
          .filter(node => node.getAttribute('tabindex') !== '-1')
          .map((node, i) => {
            node.setAttribute('data-reach', String(i));
            return String(i);
          }),
      );
    expect(expected.length).toBeGreaterThan(20);
    const reached = new Set<string | null>();
    for (let i = 0; i < expected.length + 5; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.getAttribute('data-reach') ?? null));
    }
    expect(expected.filter(each => !reached.has(each))).toEqual([]);
  });

  it('without seeing charts: each says in words and in a table what it shows', async () => {
    const runs = temporaryFolder();
    threeRuns(runs);
    const page = await visit((await serve(runs)).url);
    await waitForValues(page, 'loss', 900);
    for (const chart of await page.locator('[data-chart]').all()) {
      const surface = chart.getByRole('group');
      const described = (await surface.getAttribute('aria-describedby')) ?? '';
      const words = await page.locator(`[id="${described}"]`).textContent();
      const rows = await chart.locator('table tbody tr').count();
      expect(words !== '' || rows === 0).toBe(true);
      expect(await chart.locator('table caption').textContent()).toContain('what the chart shows');
    }
    expect(await page.locator('#summary-accuracy').textContent()).toMatch(
      /^Training: from \d+\.\d+ % at step 100 to \d+\.\d+ % at step 900, between .* Validation: from/,
    );
  });
});
