/** How long VS Code itself says that the extension takes to be activated. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { strain, Workbench, workspaceWith } from './support';

/** Milliseconds. */
const goal = 50;

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith());
});
after(() => workbench?.close());

test('activation in less than 50 ms, and not before somebody uses it', t =>
  workbench.watch('activation', async () => {
    const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Descent' });
    const show = async () => {
      await workbench.command('Developer: Show Running Extensions');
      await workbench.page.locator('.runtime-extensions-editor .monaco-list-row').first().waitFor();
    };
    await show();
    assert.equal(await row.count(), 0);
    await workbench.page.keyboard.press('Escape');
    const times: number[] = [];
    // The best of a few: a machine that runs tests is busy with a browser and a server, too.
    for (let i = 0; i < 4 && !times.some(time => time < goal); i++) {
      if (i > 0) await workbench.command('Developer: Reload Window');
      await workbench.command('Descent: Open Dashboard');
      await workbench.webview().getByRole('button').first().waitFor();
      await show();
      // Sorted by time, slowest first; the list holds only what is in sight.
      await workbench.page.keyboard.press('End');
      await row.waitFor();
      times.push(Number(/Activation: (\d+)ms/.exec((await row.textContent()) ?? '')?.[1]));
      await workbench.page.keyboard.press('Escape');
    }
    t.diagnostic(`activation: ${times.join(', ')} ms`);
    assert.ok(Math.min(...times) < goal * strain(), times.join(', '));
  }));
