/** Datasets as a person meets them: one is downloaded from a mirror, and looked at. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { realData, runsIn, until, Workbench, workspaceWith } from './support';

const data = realData();
const skip = data === undefined && 'there is no real data here';

/** What the mirror does with a request: gives the file, half of it and then nothing more, or an error. */
let mood: 'good' | 'slow' | 'gone' = 'gone';

const mirror = createServer((request, response: ServerResponse) => {
  const bytes = readFileSync(path.join(data ?? '', 'mnist', path.basename(request.url ?? '')));
  if (mood === 'gone') response.writeHead(404).end();
  else if (mood === 'good') response.end(bytes);
  else if (bytes.length < 100_000) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length >> 1));
});

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
} as const;

let workbench: Workbench;

before(async () => {
  if (skip) return;
  await new Promise<void>(resolve => mirror.listen(0, '127.0.0.1', resolve));
  const address = mirror.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  workbench = await Workbench.open(workspaceWith(), {
    'descent.download.mnistMirror': `http://127.0.0.1:${address.port}/mnist`,
    'descent.epochs': 1,
    'descent.device': 'cpu',
  });
});
after(async () => {
  await workbench?.close();
  mirror.closeAllConnections();
  mirror.close();
});

/** The files of the download that are there. */
function files(): string[] {
  const folder = path.join(workbench.workspace, 'MNIST');
  return existsSync(folder) ? readdirSync(folder) : [];
}

test('MNIST is downloaded: an error, a change of mind, and a network that is trained on it', { skip }, () =>
  workbench.watch('download', async () => {
    await workbench.openSidebar();
    await workbench.page.getByText('No dataset was found').waitFor();
    await workbench.screenshot('dataset-none');
    await workbench.page.locator('.welcome-view').getByRole('button', { name: 'Download MNIST' }).click();
    const failure = await workbench.notification('could not be downloaded');
    assert.match(failure, /MNIST could not be downloaded: .*t10k-labels-idx1-ubyte\.gz answered 404/);
    await workbench.screenshot('download-failed');
    assert.deepEqual(files(), []);

    mood = 'slow';
    await workbench.press('Try Again');
    await workbench.notification(/of 11\.6 MB/);
    await workbench.screenshot('download-progress');
    await workbench.press('Cancel');
    await until('the end of what is half-written', () =>
      files().some(name => name.endsWith('.part')) ? undefined : true,
    );
    assert.ok(!files().includes('train-images-idx3-ubyte.gz'));

    mood = 'good';
    await workbench.command('Descent: Train MNIST MLP');
    await workbench.page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
    await workbench.screenshot('download-choose');
    await workbench.pick('Download MNIST');
    const message = await workbench.notification('test accuracy');
    assert.match(message, /MNIST is complete: 9\d\.\d % test accuracy/);
    assert.equal(files().length, 4);
    assert.equal(runsIn(workbench.workspace).length, 1);
    await workbench.command('Notifications: Clear All Notifications');

    // What is there is not fetched again.
    mood = 'gone';
    await workbench.command('Descent: Download MNIST');
    await workbench.notification('MNIST is complete, in the folder MNIST');
    await workbench.screenshot('download-complete');
    await workbench.press('Train');
    await until('a second run', () => (runsIn(workbench.workspace).length === 2 ? true : undefined));
    await workbench.notification('test accuracy');
  }),
);

test('samples of it are shown, from the sidebar, and again when the window is loaded anew', { skip }, t =>
  workbench.watch('samples', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    const dataset = workbench.view('Dataset').locator('.monaco-list-row', { hasText: 'MNIST' }).first();
    await dataset.hover();
    const began = performance.now();
    await dataset.getByRole('button', { name: 'Show Samples' }).click();
    const page = workbench.webview();
    await page.locator('.tile').first().waitFor();
    t.diagnostic(`the first samples after ${((performance.now() - began) / 1000).toFixed(2)} s`);
    assert.equal(await page.locator('h1:visible').textContent(), 'MNIST');
    assert.deepEqual(await page.locator('.class-count').allTextContents(), [
      ...['5,923', '6,742', '5,958', '6,131', '5,842', '5,421', '5,918', '6,265', '5,851', '5,949'],
    ]);
    await page.getByRole('radio', { name: 'Test' }).check();
    await page.getByRole('button', { name: 'Test sample 3, class 0' }).click();
    await page.getByRole('complementary', { name: 'Chosen sample' }).waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`samples-${name}`);
    }
    await workbench.command('Developer: Reload Window');
    await workbench.webview().getByRole('button', { name: 'Test sample 3, class 0' }).waitFor();

    rmSync(path.join(workbench.workspace, 'MNIST', 'train-labels-idx1-ubyte.gz'));
    await dataset.hover();
    await dataset.getByRole('button', { name: 'Show Samples' }).click();
    await workbench.webview().getByText('expected train-labels-idx1-ubyte').waitFor();
    await workbench.screenshot('samples-broken');
  }),
);
