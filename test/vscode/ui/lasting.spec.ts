/** The dashboard keeps what a person has set, and goes on, when it is hidden, moved, and closed and opened again. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { GrowingRun } from '../../history/made-up';
import { extensionHostsBelow } from './processes';
import { until, Workbench, workspaceWith } from './support';

let workbench: Workbench;
let run: GrowingRun;

before(async () => {
  const workspace = workspaceWith();
  writeFileSync(path.join(workspace, 'notes.txt'), 'what stands in front of the dashboard');
  run = new GrowingRun(path.join(workspace, 'runs'), 'long', {
    epochs: 50,
    created: new Date().toISOString(),
  });
  run.grow(1000);
  workbench = await Workbench.open(workspace);
  await workbench.command('Descent: Open Dashboard');
});
after(() => workbench?.close());

/** How many losses the page knows of. */
function values(): Promise<string | null> {
  return workbench.webview().locator('[data-chart="loss"] tbody td').first().textContent();
}

async function waitForValues(count: number): Promise<void> {
  await until(`${count} losses`, async () => ((await values()) === String(count) ? true : undefined));
}

async function expectAsSet(): Promise<void> {
  const page = workbench.webview();
  await page.getByRole('button', { name: 'Show everything' }).waitFor();
  assert.equal(await page.getByRole('radio', { name: 'Epoch' }).isChecked(), true);
  assert.equal(await page.getByRole('slider', { name: 'Smoothing' }).inputValue(), '0.3');
  const validation = page.locator('[data-chart="loss"] .legend-entry', { hasText: 'validation' });
  assert.equal(await validation.getAttribute('aria-pressed'), 'false');
}

test('what is set', () =>
  workbench.watch('lasting', async () => {
    await waitForValues(1000);
    const page = workbench.webview();
    await page.getByRole('radio', { name: 'Epoch' }).check();
    await page.getByRole('slider', { name: 'Smoothing' }).fill('0.3');
    await page.locator('[data-chart="loss"] .legend-entry', { hasText: 'validation' }).click();
    await page.locator('[data-chart="loss"] .surface').focus();
    await workbench.page.keyboard.press('+');
    await expectAsSet();
  }));

test('stays while another editor stands in front of it, and so does what comes meanwhile', () =>
  workbench.watch('lasting-hidden', async () => {
    await workbench.page.keyboard.press('F1');
    await workbench.input.fill('notes.txt');
    await workbench.pick('notes.txt');
    await workbench.page.getByText('what stands in front of the dashboard').waitFor();
    run.grow(500);
    await workbench.page.getByRole('tab', { name: 'Descent' }).last().click();
    await expectAsSet();
    await workbench.webview().getByRole('button', { name: 'Show everything' }).click();
    await waitForValues(1500);
    await workbench.webview().locator('[data-chart="loss"] .surface').focus();
    await workbench.page.keyboard.press('+');
    await expectAsSet();
  }));

test('stays when it is moved to another group of editors', () =>
  workbench.watch('lasting-moved', async () => {
    await workbench.command('View: Move Editor into Right Group');
    await expectAsSet();
    run.grow(500);
    await workbench.webview().getByRole('button', { name: 'Show everything' }).click();
    await waitForValues(2000);
    await workbench.webview().locator('[data-chart="loss"] .surface').focus();
    await workbench.page.keyboard.press('+');
  }));

test('stays when the window is loaded anew', () =>
  workbench.watch('lasting-reloaded', async () => {
    await expectAsSet();
    // VS Code takes what a page keeps to its storage when it has a moment.
    await workbench.page.waitForTimeout(1000);
    await workbench.load();
    await expectAsSet();
  }));

test('when extensions were restarted, a page that is left over says so and leads to one that is answered', () =>
  workbench.watch('lasting-left-over', async () => {
    for (const host of extensionHostsBelow(workbench.server.pid)) process.kill(host, 'SIGKILL');
    const page = workbench.webview();
    await page.getByText('The connection is lost').waitFor();
    await workbench.screenshot('left-over');
    await page.getByRole('link', { name: 'open it again' }).click();
    await until('another dashboard', async () => {
      const dashboards = await workbench.page.getByRole('tab', { name: 'Descent' }).count();
      return dashboards > 2 || undefined;
    });
    await waitForValues(2000);
  }));
