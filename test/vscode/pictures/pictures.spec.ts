/** Takes the pictures of the README: a window with runs of real data, in light, dark and high contrast. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { realData, root, until, Workbench, workspaceWith } from '../ui/support';
import { themes } from './themes';

let parent: string;
let workbench: Workbench;

/** Trains before the window is opened. */
function train(workspace: string, dataset: string, ...options: readonly string[]): void {
  const program = path.join(root, 'dist', 'cli.js');
  const args = ['train', path.join(workspace, dataset), '--runs', path.join(workspace, 'runs'), ...options];
  execFileSync(process.execPath, [program, ...args, '--device', 'cpu', '--json']);
}

before(async () => {
  parent = workspaceWith();
  const workspace = path.join(parent, 'first-network');
  mkdirSync(workspace);
  for (const name of ['mnist', 'fashion-mnist'])
    symlinkSync(path.join(realData() ?? '', name), path.join(workspace, name));
  train(workspace, 'fashion-mnist', '--hidden', '256,128,100', '--epochs', '6', '--optimizer', 'adam');
  train(workspace, 'mnist', '--hidden', '30', '--epochs', '5');
  train(workspace, 'mnist', '--epochs', '8', '--optimizer', 'adam', '--lr', '0.001');
  workbench = await Workbench.open(
    workspace,
    { 'descent.epochs': 20, 'descent.device': 'cpu' },
    { size: { width: 1440, height: 900 } },
  );
  await workbench.openSidebar();
});
after(() => workbench?.close());

async function epoch(number: number): Promise<void> {
  await until(
    `epoch ${number}`,
    async () =>
      Number(/epoch (\d+)/.exec((await workbench.status()) ?? '')?.[1]) >= number ? true : undefined,
    300,
  );
}

test('pictures', () =>
  workbench.watch('pictures', async () => {
    const { page } = workbench;
    await workbench.setTheme(themes.dark);
    await workbench.view('Dataset').getByRole('treeitem', { name: 'Classes' }).first().click();
    await workbench.command('Descent: Train MNIST MLP');
    // Not one of the lines that download another dataset.
    await workbench.quickInput.locator('.monaco-list-row', { hasText: /^\s*mnist/ }).click();
    for (const [i, [name, theme]] of Object.entries(themes).entries()) {
      await workbench.setTheme(theme);
      await epoch(8 + i);
      await workbench.screenshot(`dashboard-${name}`);
      await page.keyboard.press('F1');
      await workbench.input.fill('>Descent: ');
      await workbench.screenshot(`palette-${name}`);
      await page.keyboard.press('Escape');
    }
    await workbench.command('Descent: Pause');
    const dashboard = workbench.webview();
    await dashboard.locator('.state[data-state="paused"]').waitFor();
    await dashboard.getByRole('tab', { name: 'Graph' }).click();
    await dashboard.getByRole('button', { name: 'Open all' }).click();
    await dashboard.getByRole('application', { name: /^Graph/ }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await dashboard.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`graph-${name}`);
    }
    for (const tab of ['Histograms', 'Layers']) {
      await dashboard.getByRole('tab', { name: tab }).click();
      for (const [name, theme] of Object.entries(themes)) {
        await workbench.setTheme(theme);
        await workbench.screenshot(`${tab.toLowerCase()}-${name}`);
      }
    }
    await workbench.command('Descent: Inspect Tensors');
    const tensors = workbench.webview();
    await tensors.getByText('fc1.weight').first().click();
    await tensors.locator('h1', { hasText: /\S/ }).waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`tensor-${name}`);
    }
    await workbench.command('Descent: Stop');
  }));

test('pictures of checkpoints', () =>
  workbench.watch('pictures-checkpoints', async () => {
    const run = workbench.view('Runs').getByRole('treeitem').filter({ hasText: '784-256-10 adam' }).first();
    await workbench.menu(run, 'Inspect Checkpoint');
    await workbench.quickInput.getByText('best.pt').click();
    await workbench.webview().locator('.small-histogram').first().waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`checkpoint-${name}`);
    }
    await workbench.menu(run, 'Compare Checkpoints');
    await workbench.quickInput.getByText('best.pt').click();
    await workbench.quickInput.getByText('A run…').click();
    await workbench.quickInput.getByText('784-256-10 · mnist').first().click();
    await workbench.quickInput.getByText('last.pt').click();
    await workbench
      .webview()
      .getByText(/has changed most/)
      .waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`comparison-${name}`);
    }
  }));
