/** Two windows on one workspace: a run belongs to the one that trains it, and the other one watches. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { metricsOf, runsIn, statusOf, until, Workbench, workspaceWith } from './support';

let workbench: Workbench;
let other: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith(), { 'descent.epochs': 100_000, 'descent.device': 'cpu' });
  other = await workbench.another();
  await workbench.page.bringToFront();
  await workbench.command('Descent: Train on Generated Digits');
  await until('a loss', async () => (await workbench.status())?.includes('loss') || undefined);
});
after(() => workbench?.close());

function theRun(): string {
  const [run = ''] = runsIn(workbench.workspace);
  return run;
}

function row(): Locator {
  return other.view('Runs').getByRole('treeitem').first();
}

/** What the menu of the run offers. */
async function offered(): Promise<string[]> {
  const entries = other.page.locator('.monaco-menu .action-item .action-label');
  await row().click({ button: 'right' });
  await entries.filter({ hasText: 'Open Dashboard' }).waitFor();
  const texts = await entries.allTextContents();
  await other.page.keyboard.press('Escape');
  await entries.first().waitFor({ state: 'detached' });
  return texts.filter(text => text !== '');
}

test('the other window shows the run as it goes on, and can change nothing of it', () =>
  other.watch('two-windows', async () => {
    await other.page.bringToFront();
    await other.openSidebar();
    await row().getByText('running').waitFor();
    const entries = await offered();
    assert.ok(!entries.some(entry => /Resume|Rename|Delete/.test(entry)), entries.join());
    await row().click();
    const page = other.webview();
    await page.locator('.state[data-state="running"]').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Pause' }).isVisible(), false);
    const values = () => page.locator('[data-chart="loss"] tbody td').first().textContent();
    const before = await until('values in the chart', async () => (await values()) ?? undefined);
    await until('more values', async () => (Number(await values()) > Number(before) ? true : undefined));
    await other.screenshot('two-windows');
    for (const command of ['Resume Run…', 'Rename Run…', 'Delete Run']) {
      await other.command(`Descent: ${command}`);
      const verb = command.split(' ')[0]?.toLowerCase();
      await other.notification(`there is no run to ${verb}`);
    }
    assert.equal(statusOf(theRun()), 'running');
  }));

test('a run that rests is not taken for one that nobody trains', () =>
  other.watch('two-windows-paused', async () => {
    await workbench.page.bringToFront();
    await workbench.command('Descent: Pause');
    await workbench.webview().locator('.state[data-state="paused"]').waitFor();
    await other.page.bringToFront();
    assert.ok(!(await offered()).some(entry => /Resume|Rename|Delete/.test(entry)));
  }));

test('when the run has been stopped the other window can go on with it', () =>
  other.watch('two-windows-stopped', async () => {
    await workbench.page.bringToFront();
    await workbench.command('Descent: Stop');
    await workbench.notification('training was stopped');
    const stopped = metricsOf(theRun()).at(-1)?.step ?? 0;
    await other.page.bringToFront();
    await row().getByText('stopped').waitFor();
    await other.menu(row(), 'Resume Run…');
    await until('more steps', () => ((metricsOf(theRun()).at(-1)?.step ?? 0) > stopped ? true : undefined));
    assert.equal(runsIn(workbench.workspace).length, 1);
  }));
