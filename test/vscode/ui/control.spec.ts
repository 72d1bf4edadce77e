/** Steering a run by the commands, and seeing each act. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { metricsOf, runsIn, until, Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith(), { 'descent.epochs': 100_000, 'descent.device': 'cpu' });
});
after(() => workbench?.close());

/** The run in progress. */
function theRun(): string {
  const [run] = runsIn(workbench.workspace);
  if (run === undefined) throw new Error('there is no run');
  return run;
}

/** The last step on disk. */
function step(): number {
  return metricsOf(theRun()).at(-1)?.step ?? 0;
}

/** The last step, once the run has seen that it is to pause: what is under way is at most some 50 ms of steps. */
async function settled(): Promise<number> {
  await workbench.webview().locator('.state[data-state="paused"]').waitFor();
  for (let last = -1; ; ) {
    const now = step();
    if (now === last) return now;
    last = now;
    await workbench.page.waitForTimeout(1000);
  }
}

/** Waits until a loss is told in the status bar. */
async function learning(): Promise<void> {
  await until('a loss', async () => (await workbench.status())?.includes('loss') || undefined);
}

test('pause, one step, resume, learning rate, stop', () =>
  workbench.watch('control', async () => {
    await workbench.command('Descent: Train on Generated Digits');
    await learning();
    await workbench.command('Descent: Pause');
    const paused = await settled();
    await workbench.screenshot('paused');

    await workbench.command('Descent: Step');
    await until('one more step', () => (step() === paused + 1 ? true : undefined));
    assert.equal(await settled(), paused + 1);

    await workbench.command('Descent: Set Learning Rate…');
    const input = workbench.page.locator('.quick-input-widget input').first();
    await input.fill('nonsense');
    const complaint = workbench.page.getByText('Expected a number');
    await complaint.waitFor();
    await input.fill('0.0123');
    await complaint.waitFor({ state: 'hidden' });
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.waitFor({ state: 'hidden' });

    await workbench.command('Descent: Resume');
    await until('steps again', () => (step() > paused + 10 ? true : undefined));
    const lines = readFileSync(path.join(theRun(), 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    assert.match(lines.at(-1) ?? '', /"learningRate":0\.0123/);

    await workbench.command('Descent: Stop');
    await workbench.notification('training was stopped');
    assert.equal(metricsOf(theRun()).at(-1)?.event, 'stopped');
    await until('the end of the item in the status bar', async () =>
      (await workbench.status()) === undefined ? true : undefined,
    );
    await workbench.press('Resume');
    await until('steps after the resume', () =>
      metricsOf(theRun()).at(-1)?.event === 'steps' ? true : undefined,
    );
  }));

test('the dashboard steers, too, and training goes on without it', () =>
  workbench.watch('control-dashboard', async () => {
    await learning();
    const page = workbench.webview();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    const paused = await settled();
    await page.getByRole('button', { name: 'Step' }).click();
    await until('one more step', () => (step() === paused + 1 ? true : undefined));
    await page.getByRole('button', { name: 'Resume' }).click();
    await until('steps again', () => (step() > paused + 10 ? true : undefined));
    await workbench.command('View: Close All Editors');
    const closed = step();
    await until('steps without the dashboard', () => (step() > closed + 10 ? true : undefined));
    await workbench.command('Descent: Open Dashboard');
    await workbench.webview().getByRole('button', { name: 'Stop' }).click();
    await workbench.notification('training was stopped');
  }));
