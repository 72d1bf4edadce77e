/**
 * How fast a graph of 3,000 nodes is laid out in the dashboard, for how long the page does nothing else meanwhile, and how
 * smoothly it pans then: `npm run bench -- graph`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { epochLine, makeRun, stepsLine } from '../history/made-up';
import { deepNetwork } from '../webview/graph/made-up';
import { pan, withDashboard } from './support/dashboard-page';

const nodes = 3000;
const rounds = 5;
const runs = mkdtempSync(path.join(tmpdir(), 'descent-graph-'));

try {
  const folder = makeRun(runs, 'deep', [stepsLine(10, 1, [1, 0.9]), epochLine(1, 10)]);
  const graph = deepNetwork(nodes);
  writeFileSync(path.join(folder, 'graph.json'), JSON.stringify(graph));
  await withDashboard(runs, async first => {
    const address = first.url();
    const context = first.context();
    let page = first;
    const found: number[] = [];
    const longest: number[] = [];
    for (let round = 0; round < rounds; round++) {
      if (round > 0) {
        // Another page knows nothing of what the one before has drawn.
        await page.close();
        page = await context.newPage();
        await page.goto(address);
      }
      await page.locator('.identity h1').getByText('deep').first().waitFor();
      await page.getByRole('tab', { name: 'Charts' }).click();
      const { milliseconds, blocked } = await page.evaluate(async () => {
        const tab = [...document.querySelectorAll<HTMLElement>('[role="tab"]')].find(
          ({ textContent }) => textContent?.trim() === 'Graph',
        );
        const tasks: number[] = [];
        const observer = new PerformanceObserver(list => {
          for (const { duration } of list.getEntries()) tasks.push(duration);
        });
        observer.observe({ type: 'longtask' });
        const began = performance.now();
        tab?.click();
        // The legend comes with the drawing.
        const drawn = () =>
          [...document.querySelectorAll('.graph-legend .legend-kind')].some(
            ({ textContent }) => textContent?.trim() === 'activation',
          );
        while (!drawn()) await new Promise(resolve => requestAnimationFrame(resolve));
        const took = performance.now() - began;
        await new Promise(resolve => setTimeout(resolve, 200));
        return { milliseconds: took, blocked: Math.max(0, ...tasks) };
      });
      found.push(milliseconds);
      longest.push(blocked);
    }
    const text = (values: readonly number[]) => values.map(value => value.toFixed(0)).join(', ');
    console.log(`Graph of ${graph.nodes.length} nodes: drawn after ${text(found)} ms`);
    console.log(`Page  busy for at most ${text(longest)} ms at once (0: never above 50)`);
    console.log(`Pan   ${await pan(page, '[role="application"]', false)}`);
  });
} finally {
  rmSync(runs, { recursive: true });
}
