/** Evaluating a run as a person does: from its menu, cell by cell, and with a digit of their own. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runsIn, until, Workbench, workspaceWith } from './support';

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
} as const;

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith(), {
    'descent.epochs': 1,
    'descent.device': 'cpu',
    'descent.openDashboard': false,
  });
});
after(() => workbench?.close());

test('a run is evaluated from its menu, a cell shows its images, and a digit is drawn', t =>
  workbench.watch('evaluation', async () => {
    await workbench.command('Descent: Train on Generated Digits');
    await workbench.notification('test accuracy', 120);
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.openSidebar();
    const run = workbench.view('Runs').locator('.monaco-list-row').first();
    await workbench.menu(run, 'Evaluate Checkpoint');
    await workbench.pick('best.pt');
    const page = workbench.webview();
    await page.locator('.matrix').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /of class 7 are right/ }).click();
    await page.getByRole('heading', { name: /^7, taken for it/ }).waitFor();
    await page.locator('[aria-label="Samples of the cell"] .picture').first().waitFor();
    const [folder = ''] = runsIn(workbench.workspace);
    assert.equal(readdirSync(path.join(folder, 'evaluations')).length, 1);

    const pad = await page.locator('.pad').boundingBox();
    assert.ok(pad !== null);
    const { mouse } = workbench.page;
    await mouse.move(pad.x + pad.width / 2, pad.y + 30);
    await mouse.down();
    await mouse.move(pad.x + pad.width / 2, pad.y + pad.height - 30, { steps: 20 });
    await mouse.up();
    const answer = await until('an answer', async () => {
      const text = await page.locator('.answer').textContent();
      return text?.startsWith('Draw') ? undefined : (text ?? undefined);
    });
    t.diagnostic(`a line from top to bottom is taken for ${answer}`);
    assert.match(answer, /^\d, \d+\.\d %$/);
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`evaluation-${name}`);
    }
  }));

test('the page is there again when the window is loaded anew', () =>
  workbench.watch('evaluation-again', async () => {
    await workbench.command('Developer: Reload Window');
    await workbench.webview().locator('.matrix').waitFor({ timeout: 60_000 });
    await workbench
      .webview()
      .getByRole('heading', { name: /^7, taken for it/ })
      .waitFor();
  }));
