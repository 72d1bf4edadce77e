import { describe, expect, it } from 'vitest';
import { DashboardHost } from '../../src/history';
import { temporaryFolder } from '../history/support';
import { afterThisTest } from '../support/after';
import { GrowingRun, hasBrowser } from './browser';
import { visitEditorPage } from './editor-page';
import { serve, started, visit, waitForValues } from './page';

describe.skipIf(!hasBrowser)('the page and its host', () => {
  it('comes back when the connection was lost', async () => {
    const runs = temporaryFolder();
    const run = new GrowingRun(runs, 'a');
    run.grow(20);
    const page = await visit('about:blank');
    const sockets: { close(): Promise<void> }[] = [];
    await page.routeWebSocket(/socket/, socket => {
      socket.connectToServer();
      sockets.push(socket);
    });
    await page.goto((await serve(runs)).url);
    await waitForValues(page, 'loss', 20);
    await sockets[0]?.close();
    await page.getByText('The connection is lost').waitFor();
    run.grow(20);
    await page.getByText('The connection is lost').waitFor({ state: 'hidden' });
    await waitForValues(page, 'loss', 40);
    expect(sockets).toHaveLength(2);
  });

  it('says that the editor has lost its extension, and comes back with it', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'a').grow(20);
    const host = new DashboardHost(runs);
    let isThere = true;
    const page = await visitEditorPage(
      'dashboard',
      send => {
        const connection = host.connect(send);
        afterThisTest(async () => connection.close());
        return { receive: message => connection.receive(message), isThere: () => isThere };
      },
      { clock: true },
    );
    await waitForValues(page, 'loss', 20);
    await page.getByRole('radio', { name: 'Epoch' }).check();
    await page.locator('[data-chart="loss"] .surface').focus();
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Show everything' }).waitFor();
    isThere = false;
    // A question is not answered, and ten seconds later neither is another one.
    await page.clock.runFor(3000);
    await page.clock.runFor(10_000);
    await page.getByText('The connection is lost').waitFor();
    isThere = true;
    await page.clock.runFor(3000);
    await page.getByText('The connection is lost').waitFor({ state: 'hidden' });
    // What was set and looked at is as it was.
    expect(await page.getByRole('radio', { name: 'Epoch' }).isChecked()).toBe(true);
    expect(await page.getByRole('button', { name: 'Show everything' }).isVisible()).toBe(true);
  });

  it('shows the run that the host asks for, and one that begins', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'first', { created: '2026-01-01T00:00:00.000Z' }).grow(30);
    new GrowingRun(runs, 'second', { created: '2026-01-02T00:00:00.000Z' }).grow(40);
    const dashboard = await serve(runs);
    const page = await visit(dashboard.url);
    await waitForValues(page, 'loss', 40);
    await page.getByRole('button', { name: 'first' }).click();
    await waitForValues(page, 'loss', 30);
    const third = new GrowingRun(runs, 'third', { created: new Date().toISOString() });
    third.grow(50);
    dashboard.publish(started(third));
    await waitForValues(page, 'loss', 50);
    expect(await page.locator('.identity h1').textContent()).toBe('third');
    expect(await page.locator('.controls').isVisible()).toBe(false);
  });

  it('speaks with the editor as with a server', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'a', { created: '2026-01-01T00:00:00.000Z' }).grow(120);
    new GrowingRun(runs, 'b', { created: '2026-01-02T00:00:00.000Z' }).grow(10);
    const host = new DashboardHost(runs);
    const { url } = await serve(runs);
    const page = await visit('about:blank');
    const connection = host.connect(message => {
      void page.evaluate(data => window.postMessage(data), message).catch(() => undefined);
    });
    // Before there is a page that could hear of it.
    host.show(['a']);
    afterThisTest(async () => connection.close());
    await page.exposeFunction('toHost', (message: unknown) => connection.receive(message));
    await page.addInitScript(() => {
      Object.assign(window, {
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => Reflect.get(window, 'toHost')(message),
          getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null'),
          setState: (state: unknown) => sessionStorage.setItem('kept', JSON.stringify(state)),
        }),
      });
    });
    await page.goto(url);
    await waitForValues(page, 'loss', 120);
    await page.getByRole('radio', { name: 'Time' }).check();
    await page.reload();
    await waitForValues(page, 'loss', 120);
    expect(await page.getByRole('radio', { name: 'Time' }).isChecked()).toBe(true);
  });
});
