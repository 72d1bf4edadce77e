/** Takes the README's picture of the page of a dataset, in light, dark and high contrast. */
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { realData, Workbench, workspaceWith } from '../ui/support';
import { themes } from './themes';

let workbench: Workbench;

before(async () => {
  const workspace = path.join(workspaceWith(), 'first-network');
  mkdirSync(workspace);
  symlinkSync(path.join(realData() ?? '', 'fashion-mnist'), path.join(workspace, 'fashion-mnist'));
  workbench = await Workbench.open(workspace, {}, { size: { width: 1440, height: 900 } });
});
after(() => workbench?.close());

test('pictures of a dataset', async () => {
  const dataset = workbench.view('Dataset').locator('.monaco-list-row', { hasText: 'fashion-mnist' }).first();
  await workbench.openSidebar();
  await dataset.hover();
  await dataset.getByRole('button', { name: 'Show Samples' }).click();
  const page = workbench.webview();
  await page.locator('.tile').first().waitFor();
  await page.getByRole('radio', { name: 'Test' }).check();
  await page
    .getByRole('button', { name: /^Test sample/ })
    .first()
    .click();
  await page.getByRole('complementary', { name: 'Chosen sample' }).waitFor();
  for (const [name, theme] of Object.entries(themes)) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`dataset-${name}`);
  }
});
