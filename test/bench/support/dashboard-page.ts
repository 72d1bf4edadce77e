/** The dashboard of a folder of runs in a browser, and how smoothly something on it follows the pointer. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/** Looks at a folder of runs, where there is a browser. */
export async function withDashboard(runs: string, look: (page: Page) => Promise<void>): Promise<void> {
  const executablePath = process.env['DESCENT_CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    console.log(`no browser at ${executablePath}: left out`);
    return;
  }
  const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
  const server = spawn(process.execPath, [cli, 'dashboard', runs, '--json']);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const line = await new Promise<string>(resolve =>
      server.stdout.once('data', data => resolve(String(data))),
    );
    const { url }: { url: string } = JSON.parse(line);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(url);
    await look(page);
  } finally {
    await browser.close();
    server.kill();
  }
}

/** Pans what `selector` finds for 300 frames, a little with each, and says how long frames and tasks took. */
export async function pan(page: Page, selector: string, shiftKey: boolean): Promise<string> {
  const { frames, long } = await page.evaluate(
    async ([wanted, shift]) => {
      const surface = document.querySelector(wanted);
      if (!(surface instanceof HTMLElement)) throw new Error(`${wanted} is not there`);
      const { left, top, width, height } = surface.getBoundingClientRect();
      surface.setPointerCapture = () => undefined;
      const point = (type: string, share: number) =>
        surface.dispatchEvent(
          new PointerEvent(type, {
            ...{ clientX: left + share * width, clientY: top + height / 2 },
            ...{ shiftKey: shift, bubbles: true, pointerId: 1 },
          }),
        );
      const nextFrame = () => new Promise<number>(resolve => requestAnimationFrame(resolve));
      const tasks: number[] = [];
      const observer = new PerformanceObserver(found => {
        for (const { duration } of found.getEntries()) tasks.push(duration);
      });
      observer.observe({ type: 'longtask' });
      const lengths: number[] = [];
      point('pointerdown', 0.5);
      let last = await nextFrame();
      for (let i = 0; i < 300; i++) {
        point('pointermove', 0.5 + 0.4 * Math.sin(i / 30));
        const now = await nextFrame();
        lengths.push(now - last);
        last = now;
      }
      point('pointerup', 0.5);
      return { frames: lengths, long: tasks };
    },
    [selector, shiftKey] as const,
  );
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  const late = frames.filter(frame => frame > 20).length;
  return (
    `frames of ${at(0.5)} ms (median), ${at(0.9)} (of ten the slowest), ${at(1)} (worst); ` +
    `${late} of ${frames.length} late; ${long.length} tasks above 50 ms`
  );
}
