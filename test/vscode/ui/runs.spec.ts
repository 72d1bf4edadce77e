/** The view *Runs*: open, rename, delete and resume, by mouse and menu. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { GrowingRun } from '../../history/made-up';
import { metricsOf, runsIn, until, Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  const workspace = workspaceWith();
  const runs = path.join(workspace, 'runs');
  const made = { status: 'finished', testAccuracy: 0.9712, epochs: 3 };
  new GrowingRun(runs, 'older', {
    ...made,
    created: '2026-01-01T00:00:00.000Z',
    model: 'mnist-mlp 784-30-10',
  }).grow(300);
  new GrowingRun(runs, 'newer', { ...made, created: '2026-01-02T00:00:00.000Z' }).grow(200);
  workbench = await Workbench.open(workspace, { 'descent.device': 'cpu' });
  await workbench.openSidebar();
});
after(() => workbench?.close());

function rows(): Locator {
  return workbench.view('Runs').getByRole('treeitem');
}

function names(): string[] {
  return readdirSync(path.join(workbench.workspace, 'runs')).sort();
}

test('runs are listed newest first, and open in the dashboard', () =>
  workbench.watch('runs-open', async () => {
    await rows().nth(1).waitFor();
    const labels = await rows().evaluateAll(found => found.map(row => row.getAttribute('aria-label')));
    assert.equal(labels.length, 2);
    for (const label of labels) assert.match(label ?? '', /mnist-mlp on mnist, finished, 97\.1 %/);
    await rows().nth(1).click();
    await workbench.webview().getByRole('heading', { name: 'older' }).waitFor();
    await workbench.menu(rows().nth(0), 'Open Dashboard');
    await workbench.webview().getByRole('heading', { name: 'newer' }).waitFor();
  }));

test('a run gets another name, which cannot lead out of the folder of runs', () =>
  workbench.watch('runs-rename', async () => {
    const { quickInput, input, page } = workbench;
    await workbench.menu(rows().nth(0), 'Rename Run…');
    await quickInput.getByText('The name of its folder').waitFor();
    assert.equal(await input.inputValue(), 'newer');
    for (const wrong of ['../outside', '..\\outside', '/tmp/outside', '..']) {
      await input.fill(wrong);
      await quickInput.getByText(/A name cannot/).waitFor();
      await page.keyboard.press('Enter');
      await quickInput.getByText(/A name cannot/).waitFor();
    }
    await workbench.screenshot('rename-refused');
    await input.fill('with 256 neurons');
    await page.keyboard.press('Enter');
    await until('the folder with its new name', () => names().includes('with 256 neurons') || undefined);
    assert.deepEqual(names(), ['older', 'with 256 neurons']);
    assert.equal(existsSync(path.join(workbench.workspace, 'outside')), false);
    await rows().filter({ hasText: 'with 256 neurons' }).waitFor();
  }));

test('a name that another run has is refused, and nothing is overwritten', () =>
  workbench.watch('runs-rename-taken', async () => {
    await workbench.menu(rows().filter({ hasText: 'with 256 neurons' }), 'Rename Run…');
    await workbench.quickInput.getByText('The name of its folder').waitFor();
    await workbench.input.fill('older');
    await workbench.quickInput.getByText('Another run has this name').waitFor();
    await workbench.page.keyboard.press('Escape');
    assert.deepEqual(names(), ['older', 'with 256 neurons']);
  }));

test('a run is deleted once the person has said so', () =>
  workbench.watch('runs-delete', async () => {
    const { dialog } = workbench;
    const older = rows().filter({ hasText: 'older' });
    await workbench.menu(older, 'Delete Run');
    await dialog.getByText('Delete the run older?').waitFor();
    await workbench.screenshot('delete');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.deepEqual(names(), ['older', 'with 256 neurons']);
    await workbench.menu(older, 'Delete Run');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await until('the end of the folder', () => (names().includes('older') ? undefined : true));
    await older.waitFor({ state: 'detached' });
    assert.equal(await rows().count(), 1);
  }));

test('a finished run goes on for more epochs, a stopped one where it was', () =>
  workbench.watch('runs-resume', async () => {
    const { quickInput, input, page } = workbench;
    await workbench.menu(rows().nth(0), 'Delete Run');
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await workbench.view('Runs').getByText('No network has been trained here yet.').waitFor();
    await workbench.command('Descent: Train on Generated Digits');
    await workbench.notification('is complete');
    const [run = ''] = runsIn(workbench.workspace);
    const steps = metricsOf(run).at(-1)?.step ?? 0;
    assert.ok(steps > 0);
    await workbench.command('Notifications: Clear All Notifications');

    await workbench.command('Descent: Resume Run…');
    await workbench.pick('generated digits');
    await quickInput.getByText('complete with 5 epochs').waitFor();
    await input.fill('5');
    await quickInput.getByText('Expected a whole number above 5').waitFor();
    await input.fill('100000');
    await page.keyboard.press('Enter');
    await until('more steps', () => ((metricsOf(run).at(-1)?.step ?? 0) > steps ? true : undefined));
    // What trains can be neither renamed nor deleted.
    await rows().first().click({ button: 'right' });
    const entries = page.locator('.monaco-menu .action-item');
    await entries.filter({ hasText: 'Open Dashboard' }).waitFor();
    assert.equal(await entries.filter({ hasText: /Delete|Rename|Resume/ }).count(), 0);
    await page.keyboard.press('Escape');
    await workbench.command('Descent: Stop');
    await workbench.notification('training was stopped');
    const stopped = metricsOf(run).at(-1)?.step ?? 0;
    await rows().first().hover();
    await rows().first().getByRole('button', { name: 'Resume Run…' }).click();
    await until('more steps', () => ((metricsOf(run).at(-1)?.step ?? 0) > stopped ? true : undefined));
    assert.equal(runsIn(workbench.workspace).length, 1);
  }));
