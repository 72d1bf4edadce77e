/** What a person finds before anything was trained: what to do, and nothing that cannot be done yet. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import manifest from '../../../package.json';
import { runsIn, until, Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith(), { 'descent.epochs': 100_000, 'descent.device': 'cpu' });
});
after(() => workbench?.close());

test('empty views say what will be there, and offer what fills them', () =>
  workbench.watch('welcome', async () => {
    await workbench.openSidebar();
    const dataset = workbench.view('Dataset');
    await dataset.getByText('No dataset was found in this folder.').waitFor();
    await dataset.getByRole('button', { name: 'Choose a Dataset…' }).waitFor();
    const runs = workbench.view('Runs');
    await runs.getByText('No network has been trained here yet.').waitFor();
    await runs.getByRole('button', { name: 'Train MNIST MLP' }).click();
    // There is nothing to train on here: it is asked for.
    await workbench.quickInput.getByPlaceholder('No dataset was found in the workspace').waitFor();
    const offered = await workbench.quickInput.locator('.monaco-list-row').allTextContents();
    assert.ok(
      offered.some(text => text.includes('Generated digits')),
      offered.join(),
    );
    assert.ok(
      offered.some(text => text.includes('Browse…')),
      offered.join(),
    );
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
    assert.deepEqual(runsIn(workbench.workspace), []);
  }));

test('the walkthrough opens, and its steps lead to commands', () =>
  workbench.watch('walkthrough', async () => {
    await workbench.command('Welcome: Open Walkthrough...');
    await workbench.pick('Train your first network');
    const { page } = workbench;
    const steps = page.locator('.gettingStartedContainer .step-title');
    await steps.first().waitFor();
    assert.deepEqual(await steps.allTextContents(), [
      'Bring data',
      'Train',
      'Watch it learn',
      'Change something',
    ]);
    await steps.filter({ hasText: 'Watch it learn' }).click();
    await workbench.screenshot('walkthrough');
    await page.locator('.gettingStartedContainer').getByRole('button', { name: 'Open Dashboard' }).click();
    await workbench.webview().getByRole('heading', { name: 'No runs yet' }).waitFor();
    await workbench.command('View: Close All Editors');
  }));

/** The settings in sight, with their descriptions. */
function settingsInSight(): Promise<[string, string][]> {
  return workbench.page.locator('.settings-editor .setting-item-contents').evaluateAll(items =>
    items
      .map(item =>
        ['category', 'label', 'description'].map(part => item.querySelector(`.setting-item-${part}`)),
      )
      .filter(([category]) => category?.textContent?.startsWith('Descent'))
      .map(([, label, description]) => [label?.textContent ?? '', description?.textContent ?? '']),
  );
}

test('every setting is described', t =>
  workbench.watch('settings', async () => {
    const { page } = workbench;
    await workbench.command('Preferences: Open Settings (UI)');
    const editor = page.locator('.settings-editor');
    await editor.locator('.monaco-editor').first().click();
    await page.keyboard.type('@ext:descent.descent');
    // All of them, also those that a machine has for itself.
    await editor.getByRole('tab', { name: 'Remote' }).click();
    const wanted = Object.keys(manifest.contributes.configuration.properties);
    const seen = new Map<string, string>();
    await editor.locator('.settings-tree-container').hover();
    let scrolled = 0;
    await until('every setting', async () => {
      for (const [name, description] of await settingsInSight()) seen.set(name, description);
      // The list holds only what is in sight; from its end it begins anew.
      await page.mouse.wheel(0, ++scrolled % 25 === 0 ? -10_000 : 150);
      return seen.size >= wanted.length || undefined;
    });
    t.diagnostic([...seen.keys()].join(', '));
    assert.equal(seen.size, wanted.length);
    for (const [name, description] of seen) assert.ok(description.length > 20, `${name}: "${description}"`);
    await workbench.screenshot('settings');
    await workbench.command('View: Close All Editors');
  }));

test('only what applies is offered, and the status bar speaks only while something runs', () =>
  workbench.watch('when', async () => {
    const steering = ['Pause', 'Resume', 'Step', 'Stop', 'Set Learning Rate…'].map(
      name => `Descent: ${name}`,
    );
    const ofRuns = ['Resume Run…', 'Rename Run…', 'Delete Run', 'Compare in Dashboard', 'Open Graph'].map(
      name => `Descent: ${name}`,
    );
    const offered = async (titles = steering) => {
      const all = await workbench.offered();
      return titles.filter(title => all.includes(title));
    };
    const pause = workbench.view('Runs').getByRole('button', { name: 'Pause' });
    assert.deepEqual(await offered([...steering, ...ofRuns]), []);
    assert.equal(await workbench.status(), undefined);
    assert.equal(await pause.count(), 0);

    await workbench.command('Descent: Train on Generated Digits');
    const status = await until('progress in the status bar', async () => {
      const text = await workbench.status();
      return text?.includes('loss') ? text : undefined;
    });
    assert.match(status, /cpu · epoch \d+\/100000 · loss [\d.e-]+ · \d+ %/);
    assert.deepEqual(
      await offered(),
      steering.filter(title => title !== 'Descent: Resume'),
    );
    await workbench.view('Runs').hover();
    await pause.click();
    await workbench.webview().locator('.state[data-state="paused"]').waitFor();
    assert.deepEqual(
      await offered(),
      steering.filter(title => title !== 'Descent: Pause'),
    );

    await workbench.command('Descent: Stop');
    await workbench.notification('training was stopped');
    await until('an empty status bar', async () =>
      (await workbench.status()) === undefined ? true : undefined,
    );
    // There is one run now: nothing to compare it with.
    await until('what can be done with a run', async () => {
      const all = await offered([...steering, ...ofRuns]);
      return all.join() === ofRuns.filter(title => !title.includes('Compare')).join() || undefined;
    });
  }));
