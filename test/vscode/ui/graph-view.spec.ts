/** Looking into a network: the graph in the sidebar, the numbers of its tensors, and a run that pauses by itself. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readCheckpoint, tensorAt } from '../../../src/checkpoint';
import { runsIn, until, Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith(), { 'descent.epochs': 100_000, 'descent.device': 'cpu' });
});
after(() => workbench?.close());

test("a parameter is found in the graph, and its numbers are the engine's", () =>
  workbench.watch('graph-view', async () => {
    await workbench.command('Descent: Train on Generated Digits');
    await until('a loss', async () => (await workbench.status())?.includes('loss') || undefined);
    await workbench.openSidebar();
    const view = workbench.page.locator('.sidebar .pane', {
      has: workbench.page.locator('[aria-label^="Graph"]'),
    });
    await view.getByText('fc1').first().waitFor();
    await workbench.command('Descent: Show Graph by grad_fn Chain');
    await view.getByText('NllLossBackward0').first().waitFor();
    await workbench.command('Descent: Pause');
    await workbench.webview().locator('.state[data-state="paused"]').waitFor();
    // Pointing at it shows it and folds it up; the focus stays in the tree.
    await view.getByText('NllLossBackward0').first().click();
    await workbench.webview().locator('h1', { hasText: 'NllLossBackward0' }).waitFor();
    // Opens what is under the cursor, and goes on to what has come to be below it.
    const weight = view.getByText('AccumulateGrad (fc1.weight)').first();
    for (let i = 0; i < 30 && !(await weight.isVisible()); i++) {
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.page.waitForTimeout(300);
      await workbench.page.keyboard.press('ArrowDown');
    }
    await weight.click();
    const page = workbench.webview();
    await page.locator('h1', { hasText: 'fc1.weight' }).waitFor();
    await page.locator('.row:not(.head)').first().waitFor();
    await workbench.screenshot('tensor');
    const cells = page.locator('.row:not(.head)').first().locator('span:not(.index)');
    await cells.nth(2).waitFor();
    const shown = await cells.evaluateAll(found => found.map(cell => Number(cell.getAttribute('title'))));
    await workbench.command('Descent: Stop');
    await workbench.notification('training was stopped');
    const [run = ''] = runsIn(workbench.workspace);
    const file = path.join(run, 'checkpoints', 'last.pt');
    const saved = tensorAt(readCheckpoint(readFileSync(file), file).value, 'model_state_dict', 'fc1.weight');
    assert.ok(shown.length > 2);
    assert.deepEqual(shown, Array.from(saved.data.subarray(0, shown.length), Number));
  }));

test('a learning rate that is far too high pauses the run at the first value that is no number, and names it', () =>
  workbench.watch('breakpoint', async () => {
    await workbench.command('Descent: Train on Generated Digits');
    await until('a loss', async () => (await workbench.status())?.includes('loss') || undefined);
    await workbench.command('Descent: Set Learning Rate…');
    await workbench.input.fill('1e39');
    await workbench.page.keyboard.press('Enter');
    const message = await workbench.notification('paused before step');
    assert.match(
      message,
      /the loss became NaN; it goes wrong first in fc1\.weight, when the optimizer changes it/,
    );
    await workbench.screenshot('breakpoint');
    await workbench.press('Show in Graph');
    // The place at which it goes wrong is in view, and the question how to go on is still asked.
    await workbench
      .webview()
      .getByRole('heading', { name: /fc1\.weight/ })
      .first()
      .waitFor();
    await workbench.notification('paused before step');
    await workbench.press('Stop');
    await workbench.notification('training was stopped');
  }));

test('what is selected in the tree is seen in the graph, and the reverse', () =>
  workbench.watch('graph-link', async () => {
    const view = workbench.page.locator('.sidebar .pane', {
      has: workbench.page.locator('[aria-label^="Graph"]'),
    });
    const place = (name: string) => view.locator('.monaco-list-row', { hasText: name }).first();
    await workbench.command('View: Close All Editors');
    await place('LogSoftmaxBackward0').hover();
    await place('LogSoftmaxBackward0').getByRole('button', { name: 'Show in Graph' }).click();
    const page = workbench.webview();
    await page.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    await workbench.screenshot('graph-link');
    // The last place of the graph is the loss.
    await page.getByRole('application', { name: /^Graph/ }).focus();
    await workbench.page.keyboard.press('End');
    await view.locator('.monaco-list-row.selected', { hasText: 'NllLossBackward0' }).waitFor();
    await place('LogSoftmaxBackward0').click();
    await page.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    await workbench.command('Descent: Open Graph');
    const panel = workbench.webview();
    await panel.locator('h1', { hasText: 'mnist-mlp 784-256-10' }).waitFor();
    await panel.getByRole('application', { name: /^Graph/ }).focus();
    await workbench.page.keyboard.press('End');
    await view.locator('.monaco-list-row.selected', { hasText: 'NllLossBackward0' }).waitFor();
    await workbench.screenshot('graph-panel');
  }));
