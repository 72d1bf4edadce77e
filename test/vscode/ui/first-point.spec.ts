/** How soon a person who opens a folder with MNIST and asks for training sees the loss. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { realData, strain, until, Workbench, workspaceWith } from './support';

const skip = realData() === undefined && 'there is no real data here';

/** Seconds. */
const goal = 2;

let workbench: Workbench;

before(async () => {
  if (skip) return;
  workbench = await Workbench.open(workspaceWith('mnist'), { 'descent.epochs': 100_000 });
});
after(() => workbench?.close());

/** Seconds from Enter in the palette to the first value in the chart of a window that has just been opened. */
async function measure(): Promise<number> {
  await workbench.chooseByKeys('Descent: Train MNIST MLP');
  const began = performance.now();
  await workbench.page.keyboard.press('Enter');
  const chart = workbench.webview().locator('[data-chart="loss"]');
  await chart.locator('.legend-value', { hasText: /\d/ }).first().waitFor();
  const seconds = (performance.now() - began) / 1000;
  await workbench.command('Descent: Stop');
  await workbench.notification('training was stopped');
  await until('an empty status bar', async () => (await workbench.status()) === undefined || undefined);
  return seconds;
}

test('the first point is on the chart within 2 s of the command', { skip }, t =>
  workbench.watch('first-point', async () => {
    const times: number[] = [];
    // The best of a few: a machine that runs tests has other things to do, too.
    const enough = Number(process.env['DESCENT_TIMES'] ?? 1);
    for (let i = 0; i < Math.max(4, enough); i++) {
      if (i >= enough && times.some(seconds => seconds < goal)) break;
      if (i > 0) {
        await workbench.command('View: Close All Editors');
        await workbench.load();
      }
      times.push(await measure());
    }
    t.diagnostic(`the first point after ${times.map(seconds => seconds.toFixed(2)).join(', ')} s`);
    assert.ok(Math.min(...times) < goal * strain(), times.join(', '));
  }),
);
