/** The way of a person who opens a folder that holds MNIST and trains on it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { metricsOf, realData, runsIn, until, Workbench, workspaceWith } from './support';

const skip = realData() === undefined && 'there is no real data here';

let workbench: Workbench;

before(async () => {
  if (skip) return;
  workbench = await Workbench.open(workspaceWith('mnist'));
});
after(() => workbench?.close());

test('palette, Train MNIST MLP, five epochs, at least 97 %', { skip }, t =>
  workbench.watch('train-mnist', async () => {
    await workbench.command('Descent: Train MNIST MLP');
    const began = performance.now();
    const said = (what: string) =>
      t.diagnostic(`${what} after ${((performance.now() - began) / 1000).toFixed(2)} s`);
    const chart = workbench
      .webview()
      .getByText(/^training\s*\d/)
      .first();
    const charted = chart.waitFor().then(() => said('the first point on the chart'));
    await until('the folder of the run', () => runsIn(workbench.workspace)[0]);
    said('the folder of the run');
    await until('a loss in the status bar', async () => {
      const status = await workbench.status();
      return status?.includes('loss') ? status : undefined;
    });
    said('the first loss in the status bar');
    await charted;
    await workbench.screenshot('training');
    const message = await workbench.notification('test accuracy');
    t.diagnostic(`${message} (${((performance.now() - began) / 1000).toFixed(1)} s after the command)`);
    await workbench.screenshot('trained');
    const accuracy = Number(/([\d.]+) % test accuracy/.exec(message)?.[1]);
    assert.ok(accuracy >= 97, message);
    const [run = ''] = runsIn(workbench.workspace);
    assert.ok(existsSync(path.join(run, 'checkpoints', 'best.pt')));
    assert.equal(metricsOf(run).at(-1)?.event, 'end');
  }),
);
