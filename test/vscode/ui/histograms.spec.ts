/** Histograms and layers in the dashboard of a real VS Code: live while a run trains, for everybody, in all themes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { lookSchema } from '../../../src/protocol/looks';
import { violations } from '../../webview/axe';
import { realData, runsIn, until, Workbench, workspaceWith } from './support';

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

/** What the run has written down of its last look. */
function lastLook() {
  const [run = ''] = runsIn(workbench.workspace);
  const lines = readFileSync(path.join(run, 'looks.jsonl'), 'utf8').trim().split('\n');
  return { count: lines.length, look: lookSchema.parse(JSON.parse(lines.at(-1) ?? '')) };
}

const tab = (name: string) => workbench.webview().getByRole('tab', { name, exact: true });

test('histograms grow while a run trains, and show what it has seen', { skip }, () =>
  workbench.watch('histograms-live', async () => {
    const page = workbench.webview();
    await workbench.command('Descent: Train MNIST MLP');
    await page.locator('.state[data-state="running"]').waitFor();
    await tab('Histograms').click();
    const shown = page.locator('.histograms .where');
    await page.locator('[data-tensor="fc1.weight"] tbody tr').nth(2).waitFor({ state: 'attached' });
    const before = await shown.textContent();
    await until('a later look', async () => (await shown.textContent()) !== before || undefined);
    await workbench.command('Descent: Pause');
    await page.locator('.state[data-state="paused"]').waitFor();
    const { count, look } = lastLook();
    assert.ok(count > 2);
    await until('the last look', async () => {
      return (await shown.textContent()) === `step ${look.step.toLocaleString('en')}` || undefined;
    });
    const seen = look.parameters.find(({ name }) => name === 'fc1.weight');
    const row = page.locator('[data-tensor="fc1.weight"] tbody tr').last();
    await until('its numbers', async () => {
      const cells = await row.locator('td').allTextContents();
      const [min, , , max] = cells.map(Number);
      const close = (a = 0, b: number | null = 0) => Math.abs(a - (b ?? 0)) < 0.006 * Math.abs(b ?? 1);
      const { statistics } = seen?.value ?? {};
      return (close(min, statistics?.min) && close(max, statistics?.max)) || undefined;
    });
  }),
);

/** What axe finds wrong in the page that is visible; all its rules in the first theme, those of colours in the others. */
async function wrong(theme: string): Promise<string[]> {
  return violations(await workbench.webviewFrame(), theme === 'light' ? 'all' : 'colours');
}

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
} as const;

for (const [name, theme] of Object.entries(themes)) {
  test(`everybody can use histograms and layers in ${name}`, { skip }, () =>
    workbench.watch(`histograms-${name}`, async () => {
      await workbench.setTheme(theme);
      const page = workbench.webview();
      await page.locator(`body[data-vscode-theme-kind="vscode-${name}"]`).waitFor();
      await tab('Histograms').click();
      await page.getByRole('radio', { name: 'Heatmap' }).check();
      await workbench.screenshot(`heatmap-${name}`);
      assert.deepEqual(await wrong(name), []);
      await page.getByRole('radio', { name: 'Ridges' }).check();
      await workbench.screenshot(`ridges-${name}`);
      await tab('Layers').click();
      await page.getByRole('columnheader', { name: 'Gradient norm' }).waitFor();
      await workbench.screenshot(`layers-${name}`);
      assert.deepEqual(await wrong(name), []);
    }),
  );
}
