/** Places that people open: none at all, one with odd names, one that they do not trust, in which at last no run can be written. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { realData, runsIn, Workbench, workspaceWith } from './support';

const data = realData();
const skip = data === undefined && 'there is no real data here';

/** Opens a place for the length of a test. */
async function visit(
  name: string,
  place: string,
  body: (workbench: Workbench) => Promise<void>,
  { trust = false, settings = {} } = {},
): Promise<void> {
  const quick = { 'descent.device': 'cpu', 'descent.epochs': 1, ...settings };
  const workbench = await Workbench.open(place, quick, { trust });
  try {
    await workbench.watch(name, () => body(workbench));
  } finally {
    await workbench.close();
  }
}

test('without a folder the generated digits are learned, and the run is kept for the next time', () =>
  visit('no-folder', '', async workbench => {
    await workbench.openSidebar();
    await workbench.view('Dataset').getByText('No folder is open').waitFor();
    await workbench.view('Dataset').getByRole('button', { name: 'Train on Generated Digits' }).click();
    const message = await workbench.notification('is complete');
    assert.match(message, /after 1 epoch \(/);
    // The explorer cannot show what is in no folder of the workspace.
    await workbench.press('Show Checkpoint');
    assert.match(await workbench.notification('it is in'), /best\.pt/);
    await workbench.load();
    await workbench.openSidebar();
    await workbench.view('Runs').getByRole('treeitem', { name: 'generated digits' }).waitFor();
  }));

test('names with spaces, umlauts and signs; two datasets to choose from', { skip }, () => {
  const place = workspaceWith();
  const digits = path.join(place, 'Ziffern für die Übung (größe 28)', 'roh daten');
  const clothes = path.join(place, 'zwei', 'fashion #2 100%');
  cpSync(path.join(data ?? '', 'mnist'), digits, { recursive: true });
  cpSync(path.join(data ?? '', 'fashion-mnist'), clothes, { recursive: true });
  return visit('odd-names', place, async workbench => {
    await workbench.openSidebar();
    await workbench.command('Descent: Train MNIST MLP');
    await workbench.pick('Ziffern für die Übung (größe 28)');
    await workbench.notification(/training on roh daten is complete: 9\d/);
    const button = workbench.view('Dataset').getByRole('treeitem', { name: /fashion #2 100%/ });
    await button.hover();
    await button.getByRole('button', { name: 'Train on This Dataset' }).click();
    await workbench.notification(/training on fashion #2 100% is complete: [78]\d/);
    const trained = runsIn(place).map(
      run => JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8')).config.dataset,
    );
    assert.deepEqual(trained.sort(), [digits, clothes].sort());
  });
});

test('not trusted: its setting for the folder of runs is not used; where none can be made the person is told so', () => {
  const place = workspaceWith();
  const runs = path.join(place, 'runs');
  const elsewhere = path.join(tmpdir(), `descent-elsewhere-${process.pid}`);
  mkdirSync(path.join(place, '.vscode'));
  writeFileSync(
    path.join(place, '.vscode', 'settings.json'),
    JSON.stringify({ 'descent.runsFolder': elsewhere }),
  );
  return visit(
    'untrusted',
    place,
    async workbench => {
      await workbench.page.getByText('Restricted Mode').first().waitFor();
      await workbench.command('Descent: Train on Generated Digits');
      await workbench.notification('is complete');
      assert.equal(existsSync(elsewhere), false);
      assert.equal(runsIn(place).length, 1);
      rmSync(runs, { recursive: true });
      writeFileSync(runs, 'a file, not a folder');
      await workbench.command('Descent: Train on Generated Digits');
      const message = await workbench.notification('cannot be made');
      assert.match(message, /there is a file where a folder is needed/);
      assert.equal(readFileSync(runs, 'utf8'), 'a file, not a folder');
    },
    { trust: true },
  );
});
