/** What goes wrong in the life of a run, and the defined outcome of each. */
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isAlive, trainersBelow } from './processes';
import { metricsOf, realData, runsIn, statusOf, until, Workbench, workspaceWith } from './support';

const skip = realData() === undefined && 'there is no real data here';

let workbench: Workbench;

before(async () => {
  if (skip) return;
  workbench = await Workbench.open(workspaceWith('mnist'), {
    'descent.epochs': 100_000,
    'descent.device': 'cpu',
  });
});
after(() => workbench?.close());

/** The training processes of this window. */
const trainers = () => trainersBelow(workbench.server.pid);

async function theTrainer(): Promise<number> {
  return until('a training process', () => trainers()[0]);
}

/** The newest run, once it has a checkpoint to go on from. */
async function runWithCheckpoint(): Promise<string> {
  return until('a checkpoint', () => {
    const run = runsIn(workbench.workspace).sort().at(-1);
    return run !== undefined && existsSync(path.join(run, 'checkpoints', 'last.pt')) ? run : undefined;
  });
}

function assertWhole(run: string): void {
  const steps = metricsOf(run).map(({ step }) => step);
  assert.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b),
  );
}

test('the process is killed: VS Code says so, keeps the run and resumes it', { skip }, () =>
  workbench.watch('killed', async () => {
    await workbench.command('Descent: Train MNIST MLP');
    const run = await runWithCheckpoint();
    const victim = await theTrainer();
    process.kill(victim, 'SIGKILL');
    const message = await workbench.notification('stopped unexpectedly');
    assert.match(message, /SIGKILL/);
    await workbench.screenshot('killed');
    await workbench.press('Resume');
    await until('another process', () => trainers().find(pid => pid !== victim));
    await until('more steps', async () => (await workbench.status())?.includes('loss') || undefined);
    assert.equal(runsIn(workbench.workspace).length, 1);
    assertWhole(run);
  }),
);

test('a second run: the person is asked, and the first is saved', { skip }, () =>
  workbench.watch('second', async () => {
    const first = await runWithCheckpoint();
    const { dialog } = workbench;
    await workbench.command('Descent: Train MNIST MLP');
    await dialog.waitFor();
    await workbench.screenshot('second-run');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(runsIn(workbench.workspace).length, 1);
    await workbench.command('Descent: Train MNIST MLP');
    await dialog.getByRole('button', { name: 'Stop It and Train' }).click();
    await until('a second run', () => (runsIn(workbench.workspace).length === 2 ? true : undefined));
    assert.equal(statusOf(first), 'stopped');
    assert.equal(trainers().length, 1);
    assertWhole(first);
  }),
);

test('the window is reloaded: the run is saved, its process ends, and it is offered', { skip }, () =>
  workbench.watch('reloaded', async () => {
    const run = await runWithCheckpoint();
    const trainer = await theTrainer();
    await workbench.command('Developer: Reload Window');
    await until('the end of the process', () => (isAlive(trainer) ? undefined : true), 60);
    assert.equal(statusOf(run), 'stopped');
    assertWhole(run);
    await workbench.notification('was stopped when its window closed');
    // The dashboard comes back with the window, and shows the run that it showed before.
    await workbench.webview().getByText('mnist-mlp 784-256-10').first().waitFor();
    await workbench.screenshot('reloaded');
    await workbench.press('Resume');
    await until('steps again', async () => (await workbench.status())?.includes('loss') || undefined);
  }),
);

test(
  'the dataset is deleted while a run learns from it: the run goes on; resuming says what is missing',
  {
    skip,
  },
  () =>
    workbench.watch('deleted', async () => {
      const run = await runWithCheckpoint();
      rmSync(path.join(workbench.workspace, 'mnist'), { recursive: true });
      const before = metricsOf(run).length;
      await until('more steps', () => (metricsOf(run).length > before + 20 ? true : undefined));
      await workbench.command('Descent: Stop');
      await workbench.notification('training was stopped');
      await workbench.press('Resume');
      await workbench.notification(/no such folder|no data set/);
      await workbench.screenshot('dataset-gone');
      assertWhole(run);
    }),
);
