/** Several runs of the sidebar, drawn over each other in the dashboard: by mouse, and by keys. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { epochLine, makeRun, stepsLine } from '../../history/made-up';
import { until, Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  const workspace = workspaceWith();
  const rates = [0.1, 0.01, 0.001];
  rates.forEach((lr, i) => {
    const losses = Array.from({ length: 40 }, (_, step) => 2 / (1 + step * lr * 10));
    const created = `2026-11-2${i}T06:00:00.000Z`;
    const lines = [stepsLine(40, 1, losses), epochLine(1, 40), stepsLine(80, 2, losses), epochLine(2, 80)];
    makeRun(path.join(workspace, 'runs'), `2026-11-2${i}_06-00-00_mnist-mlp`, lines, {
      lr,
      created,
      testAccuracy: 0.9 + i / 100,
    });
  });
  workbench = await Workbench.open(workspace);
  await workbench.openSidebar();
});
after(() => workbench?.close());

/** The rows of the view, newest first. */
function rows(): Locator {
  return workbench.view('Runs').getByRole('treeitem');
}

/** The names in the legend of a chart. */
async function legend(chart: string): Promise<string[]> {
  const entries = workbench.webview().locator(`[data-chart="${chart}"] .legend-entry .legend-name`);
  return (await entries.allTextContents()).filter(name => name !== '');
}

test('the menu of several selected runs draws them over each other, with a legend that toggles', () =>
  workbench.watch('compare', async () => {
    await until('three runs', async () => ((await rows().count()) === 3 ? true : undefined));
    await rows().nth(0).click();
    await rows()
      .nth(2)
      .click({ modifiers: ['ControlOrMeta'] });
    await workbench.menu(rows().nth(2), 'Compare in Dashboard');
    await until('two runs in the legend', async () =>
      (await legend('loss')).join() === 'lr 0.1,lr 0.001,training,validation' ? true : undefined,
    );
    const entry = workbench.webview().locator('[data-chart="loss"] .legend-entry').first();
    await entry.click();
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
    const same = workbench.webview().locator('[data-chart="accuracy"] .legend-entry').first();
    await until('the run hidden in all charts', async () =>
      (await same.getAttribute('aria-pressed')) === 'false' ? true : undefined,
    );
    await entry.click();
    await workbench.screenshot('compare');
  }));

test('Enter draws the runs that were selected with keys', () =>
  workbench.watch('compare-keys', async () => {
    await rows().nth(0).click();
    await workbench.page.keyboard.press('Shift+ArrowDown');
    await workbench.page.keyboard.press('Shift+ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await until('three runs in the legend', async () =>
      (await legend('accuracy')).length === 5 ? true : undefined,
    );
  }));

test('the palette asks which runs', () =>
  workbench.watch('compare-palette', async () => {
    await rows().nth(0).click();
    await workbench.command('Descent: Compare in Dashboard');
    await workbench.tick([1, 2]);
    await workbench.page.keyboard.press('Enter');
    await until('the chosen runs in the legend', async () =>
      (await legend('loss')).join() === 'lr 0.01,lr 0.1,training,validation' ? true : undefined,
    );
  }));
