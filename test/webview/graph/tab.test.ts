/** The graph as a page of the dashboard. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DashboardHost } from '../../../src/history';
import type { Graph } from '../../../src/protocol/graph';
import { temporaryFolder } from '../../history/support';
import { afterThisTest } from '../../support/after';
import { GrowingRun, hasBrowser } from '../browser';
import { visitEditorPage } from '../editor-page';
import { eventually, serve, started, visit } from '../page';
import { perceptron } from './made-up';
import { drawnOn, spokenOn, surfaceOf } from './page';

function runWithGraph(runs: string, id: string, created: string): GrowingRun {
  const run = new GrowingRun(runs, id, { created });
  run.grow(20);
  writeFileSync(path.join(run.folder, 'graph.json'), JSON.stringify(perceptron(784, 30, 10)));
  return run;
}

describe.skipIf(!hasBrowser)('the graph in the dashboard', () => {
  it('is that of the run that is shown, and a picture of it can be downloaded', async () => {
    const runs = temporaryFolder();
    new GrowingRun(runs, 'older', { created: '2026-01-01T00:00:00.000Z' }).grow(20);
    runWithGraph(runs, 'newer', '2026-01-02T00:00:00.000Z');
    const page = await visit((await serve(runs)).url);
    await page.getByRole('tab', { name: 'Charts' }).focus();
    await page.keyboard.press('ArrowRight');
    await drawnOn(page);
    await surfaceOf(page).focus();
    await page.keyboard.press('Home');
    await eventually(() => spokenOn(page).textContent()).toMatch(/^images, input/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'SVG' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('newer-graph.svg');
    expect(readFileSync(await download.path(), 'utf8')).toContain('>LogSoftmaxBackward0<');
    await page.reload();
    await page.getByRole('tab', { name: 'Graph', selected: true }).waitFor();
    await drawnOn(page);
    await page.getByRole('tab', { name: 'Charts' }).click();
    await page.getByRole('button', { name: 'older' }).click();
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.getByText('This run has no graph').waitFor();
  });

  it('tells its host which node was chosen, and shows those that the host asks for while it is in view', async () => {
    const runs = temporaryFolder();
    runWithGraph(runs, 'a', '2026-01-01T00:00:00.000Z');
    const chosen: string[] = [];
    const host = new DashboardHost(runs, { onChooseNode: (run, node) => void chosen.push(`${run} ${node}`) });
    const page = await visitEditorPage('dashboard', send => {
      const connection = host.connect(send);
      afterThisTest(async () => connection.close());
      return connection;
    });
    await page.locator('.identity h1').getByText('a').waitFor();
    expect(await host.showNode('a', 0)).toBe(false);
    await page.getByRole('tab', { name: 'Graph' }).click();
    await drawnOn(page);
    expect(await host.showNode('another', 0)).toBe(false);
    expect(await host.showNode('a', 1)).toBe(true);
    await page.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    await surfaceOf(page).focus();
    await page.keyboard.press('End');
    await eventually(() => chosen).toEqual(['a 0']);
  });

  it('leads to the line where a module is made, where there is an editor', async () => {
    const runs = temporaryFolder();
    const run = runWithGraph(runs, 'a', '2026-01-01T00:00:00.000Z');
    const graph = perceptron(784, 30, 10);
    const node = graph.nodes.findIndex(({ name, module }) => name === 'AddmmBackward0' && module !== null);
    const modules = graph.modules.map(module => ({ ...module, source: { file: '/here/net.py', line: 12 } }));
    writeFileSync(path.join(run.folder, 'graph.json'), JSON.stringify({ ...graph, modules }));
    const asked: (string | undefined)[] = [];
    for (const onOpenSource of [
      (found: Graph | undefined, module: string) => {
        asked.push(found?.modules.find(each => each.path === module)?.source?.file);
        return Promise.resolve();
      },
      undefined,
    ]) {
      const host = new DashboardHost(runs, { onOpenSource });
      host.show(['a'], node);
      const page = await visitEditorPage('dashboard', send => {
        const connection = host.connect(send);
        afterThisTest(async () => connection.close());
        return connection;
      });
      await page.getByRole('heading', { name: 'AddmmBackward0' }).waitFor();
      const place = page.locator('.graph-details').getByText('net.py:12');
      await place.waitFor();
      const link = page.getByRole('button', { name: 'net.py:12' });
      expect(await link.count()).toBe(onOpenSource === undefined ? 0 : 1);
      if (onOpenSource !== undefined) await link.click();
    }
    await eventually(() => asked).toEqual(['/here/net.py']);
  });

  it('comes into view with a node that is asked for, before its run is shown and after', async () => {
    const runs = temporaryFolder();
    runWithGraph(runs, 'a', '2026-01-01T00:00:00.000Z');
    runWithGraph(runs, 'b', '2026-01-02T00:00:00.000Z');
    const host = new DashboardHost(runs);
    host.show(['a'], 1);
    const page = await visitEditorPage('dashboard', send => {
      const connection = host.connect(send);
      afterThisTest(async () => connection.close());
      return connection;
    });
    await page.getByRole('tab', { name: 'Graph', selected: true }).waitFor();
    await page.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    await page.getByRole('tab', { name: 'Charts' }).click();
    host.show(['b'], 0);
    await page.getByRole('heading', { name: 'NllLossBackward0' }).waitFor();
    await page.locator('.identity h1').getByText('b').waitFor();
  });

  it('comes into view with the node before which a run has paused by itself', async () => {
    const runs = temporaryFolder();
    const run = runWithGraph(runs, 'a', new Date().toISOString());
    const dashboard = await serve(runs);
    dashboard.publish(started(run));
    const page = await visit(dashboard.url);
    const link = page.getByRole('button', { name: 'Show in Graph' });
    await page.locator('.identity h1').getByText('a').waitFor();
    expect(await link.isVisible()).toBe(false);
    const place = { node: 1, of: 'value', name: 'LogSoftmaxBackward0' } as const;
    dashboard.publish({ event: 'breakpoint', epoch: 1, step: 20, reason: 'the loss became NaN', ...place });
    await link.click();
    await page.getByRole('tab', { name: 'Graph', selected: true }).waitFor();
    await page.getByRole('heading', { name: 'LogSoftmaxBackward0' }).waitFor();
    dashboard.publish({ event: 'change', paused: true });
    dashboard.publish({ event: 'change', paused: false });
    await link.waitFor({ state: 'hidden' });
  });
});
