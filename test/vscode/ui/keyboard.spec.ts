/** Everything by keyboard: no test in this file touches a mouse. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { metricsOf, realData, runsIn, statusOf, until, Workbench, workspaceWith } from './support';

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

/** Runs a command by typing its title. */
function command(title: string): Promise<void> {
  return workbench.commandByKeys(title);
}

function lastStep(run: string): number {
  return metricsOf(run).at(-1)?.step ?? 0;
}

async function theRun(): Promise<string> {
  const [run] = runsIn(workbench.workspace).sort();
  if (run === undefined) throw new Error('there is no run');
  return run;
}

async function phase(name: 'running' | 'paused'): Promise<void> {
  await workbench.webview().locator(`.state[data-state="${name}"]`).waitFor();
}

test('a network is trained, paused, changed and resumed', { skip }, () =>
  workbench.watch('keys-train', async () => {
    const { page, quickInput } = workbench;
    await command('Descent: Train MNIST MLP');
    await phase('running');
    await command('Descent: Pause');
    await phase('paused');
    const run = await theRun();
    await command('Descent: Set Learning Rate…');
    await quickInput.getByText('Used from the next step on').waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('0.033');
    await page.keyboard.press('Enter');
    await quickInput.waitFor({ state: 'hidden' });
    const before = lastStep(run);
    await command('Descent: Resume');
    await until('more steps', () => (lastStep(run) > before + 10 ? true : undefined));
    await until('steps with the learning rate', () =>
      readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').includes('"learningRate":0.033')
        ? true
        : undefined,
    );
  }),
);

/** What can be used on the page, by name; of tabs, and of the choices of a group, the chosen one stands for all. */
async function controls(): Promise<string[]> {
  const frame = await workbench.webviewFrame();
  return frame.evaluate(() => {
    const usable =
      'button, input, select, a[href], [tabindex]:not([tabindex="-1"]), vscode-button, vscode-checkbox, vscode-text-field';
    return [...document.querySelectorAll<HTMLElement>(usable)]
      .filter(element => element.checkVisibility() && !('disabled' in element && element.disabled))
      .filter(
        element => !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked),
      )
      .filter(element => element.getAttribute('aria-selected') !== 'false')
      .map((element, i) => {
        element.dataset['control'] = String(i);
        return `${i} ${element.getAttribute('aria-label') ?? element.textContent?.trim()}`;
      });
  });
}

/** Presses Tab until the focus has been everywhere; gives what it has been on. */
async function tabThrough(presses: number): Promise<Set<string>> {
  const frame = await workbench.webviewFrame();
  const reached = new Set<string>();
  for (let i = 0; i < presses; i++) {
    await workbench.page.keyboard.press('Tab');
    const at = await frame.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element.dataset['control'] === undefined) return undefined;
      return `${element.dataset['control']} ${element.getAttribute('aria-label') ?? element.textContent?.trim()}`;
    });
    if (at !== undefined) reached.add(at);
  }
  return reached;
}

test('Tab reaches every control of the dashboard, and keys use them', { skip }, t =>
  workbench.watch('keys-dashboard', async () => {
    const { page } = workbench;
    await command('Descent: Pause');
    await phase('paused');
    await command('Descent: Open Dashboard');
    await until('the focus in the page', async () => {
      const frame = await workbench.webviewFrame();
      return (await frame.evaluate(() => document.hasFocus())) || undefined;
    });
    const wanted = await controls();
    const reached = await tabThrough(wanted.length + 5);
    t.diagnostic(`${wanted.length} controls`);
    assert.ok(wanted.length >= 12, wanted.join(', '));
    assert.deepEqual(
      wanted.filter(name => !reached.has(name)),
      [],
    );

    const frame = await workbench.webviewFrame();
    const focusOn = async (name: string) => {
      for (let i = 0; i < 60; i++) {
        const at = await frame.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim(),
        );
        if (at === name) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await focusOn('Resume');
    await page.keyboard.press('Enter');
    await phase('running');
    await focusOn('Pause');
    await page.keyboard.press('Space');
    await phase('paused');
    await focusOn('Learning rate');
    // VS Code has a command of its own for Ctrl+A, which may come to the page when something has been typed.
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('0.044');
    await page.keyboard.press('Enter');
    await focusOn('Step');
    await page.keyboard.press('Enter');
    const run = await theRun();
    await until('a step with the learning rate', () =>
      readFileSync(path.join(run, 'run.json'), 'utf8').includes('"lr": 0.044') ? true : undefined,
    );

    await focusOn('Settings and export of loss');
    await page.keyboard.press('Enter');
    const menu = workbench.webview().locator('[data-chart="loss"] .menu-panel');
    await menu.waitFor();
    const inMenu = await controls();
    const reachedInMenu = await tabThrough(8);
    const names = ['Logarithmic horizontal axis', 'Logarithmic vertical axis', 'Save as PNG', 'Save as CSV'];
    for (const name of names) {
      assert.ok(
        inMenu.some(control => control.endsWith(name)),
        `${name} is not there: ${inMenu.join(', ')}`,
      );
      assert.ok(
        [...reachedInMenu].some(control => control.endsWith(name)),
        `Tab does not reach ${name}`,
      );
    }
  }),
);

test('a run is opened from the view of runs', { skip }, () =>
  workbench.watch('keys-runs', async () => {
    const { page } = workbench;
    await command('Descent: Stop');
    await workbench.notification('training was stopped');
    const run = await theRun();
    assert.equal(statusOf(run), 'stopped');
    await command('View: Close All Editors');
    await until('the focus in the view of runs', async () => {
      // The first time it is shown the list is not there yet to take the focus.
      await command('Descent: Focus on Runs View');
      await workbench.view('Runs').getByRole('treeitem').first().waitFor();
      return (await workbench.view('Runs').locator('.monaco-list:focus').count()) === 1 ? true : undefined;
    });
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await workbench.webview().getByRole('heading', { name: 'mnist-mlp 784-256-10' }).waitFor();
    await workbench.webview().getByText('Stopped').first().waitFor();
  }),
);
