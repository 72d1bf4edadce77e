/**
 * How fast histories are: opening runs of a million steps, in a process that knows nothing of them yet; listing 500
 * runs; and panning in a browser, where there is one. `npm run bench -- history`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { Runs } from '../../src/history';
import { epochLine, makeRun, stepsLine } from '../history/made-up';

const steps = 1_000_000;
const rounds = 5;

/** Writes a run that has as many steps in a line as a trainer would have taken within a twentieth of a second. */
function makeLongRun(runs: string, id: string, perLine: number): void {
  const file = path.join(makeRun(runs, id, [], { epochs: steps / 1000 }), 'metrics.jsonl');
  let text = '';
  for (let step = perLine; step <= steps; step += perLine) {
    const losses = Array.from({ length: perLine }, (_, i) =>
      Math.fround(2 / (1 + (step - i) / 40_000) + 0.1 * Math.abs(Math.sin(step - i))),
    );
    const more = { learningRate: 0.05, seconds: step * 5e-4 + 1e-5 * Math.abs(Math.sin(step)) };
    text += `${stepsLine(step, Math.ceil(step / 1000), losses, more)}\n`;
    if (step % 1000 === 0) text += `${epochLine(step / 1000, step)}\n`;
    if (text.length < 1e7 && step < steps) continue;
    appendFileSync(file, text);
    text = '';
  }
}

/** What a process of its own measures: milliseconds until there is a first look, and until all is read. */
async function open(runs: string, id: string): Promise<void> {
  const began = performance.now();
  const run = await new Runs(runs).open(id);
  const query = { run: id, series: 'train/loss', axis: 'step', from: null, to: null } as const;
  run?.query({ ...query, margin: 0, width: 600, log: false, smoothing: 0 });
  const first = performance.now() - began;
  await run?.update();
  console.log(JSON.stringify([first, performance.now() - began]));
}

async function list(runs: string): Promise<void> {
  const began = performance.now();
  const found = await new Runs(runs).list();
  if (found.length < 500) throw new Error('runs are missing');
  console.log(JSON.stringify([performance.now() - began]));
}

/** Runs one of these in fresh processes; the median and the worst of each of its numbers. */
function measure(...args: string[]): string[] {
  const all = Array.from({ length: rounds }, () => {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args]);
    return (
      String(stdout)
        .match(/[\d.]+/g)
        ?.map(Number) ?? []
    );
  });
  return (all[0] ?? []).map((_, i) => {
    const sorted = all.map(numbers => numbers[i] ?? Number.NaN).sort((a, b) => a - b);
    return `${sorted[Math.floor(rounds / 2)]?.toFixed(0)} ms (at worst ${sorted.at(-1)?.toFixed(0)})`;
  });
}

/** The lengths of 300 frames while a chart is panned, a little with each, and of tasks that took more than 50 ms. */
function pan(page: Page): Promise<{ frames: number[]; long: number[] }> {
  return page.evaluate(async () => {
    const surface = document.querySelector('[data-chart="loss"] .surface');
    if (!(surface instanceof HTMLElement)) throw new Error('there is no chart');
    const { left, top, width, height } = surface.getBoundingClientRect();
    surface.setPointerCapture = () => undefined;
    const point = (type: string, share: number) =>
      surface.dispatchEvent(
        new PointerEvent(type, {
          ...{ clientX: left + share * width, clientY: top + height / 2 },
          ...{ shiftKey: true, bubbles: true, pointerId: 1 },
        }),
      );
    const nextFrame = () => new Promise<number>(resolve => requestAnimationFrame(resolve));
    const long: number[] = [];
    const observer = new PerformanceObserver(found => {
      for (const { duration } of found.getEntries()) long.push(duration);
    });
    observer.observe({ type: 'longtask' });
    const frames: number[] = [];
    point('pointerdown', 0.5);
    let last = await nextFrame();
    for (let i = 0; i < 300; i++) {
      point('pointermove', 0.5 + 0.4 * Math.sin(i / 30));
      const now = await nextFrame();
      frames.push(now - last);
      last = now;
    }
    point('pointerup', 0.5);
    return { frames, long };
  });
}

async function browse(runs: string): Promise<void> {
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
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(url);
    const values = page.locator('[data-chart="loss"] tbody tr').first().locator('td').first();
    await values.waitFor({ state: 'attached' });
    const drawn = await page.evaluate(() => performance.now());
    await page.locator('.reading').waitFor({ state: 'hidden', timeout: 60_000 });
    const read = await page.evaluate(() => performance.now());
    console.log(`Page  curves ${drawn.toFixed(0)} ms after its start, all read after ${read.toFixed(0)} ms`);
    await page.locator('[data-chart="loss"] .surface').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('+');
    await page.waitForTimeout(1000);
    const { frames, long } = await pan(page);
    const sorted = frames.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
    const late = frames.filter(frame => frame > 20).length;
    console.log(
      `Pan   frames of ${at(0.5)} ms (median), ${at(0.9)} (of ten the slowest), ${at(1)} (worst); ` +
        `${late} of ${frames.length} late; ${long.length} tasks above 50 ms`,
    );
  } finally {
    await browser.close();
    server.kill();
  }
}

const [task, runs = '', id = ''] = process.argv.slice(2);
if (task === 'open') await open(runs, id);
else if (task === 'list') await list(runs);
else {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-history-'));
  try {
    const long = path.join(folder, 'long');
    for (const perLine of [100, 1]) {
      const name = `${perLine}-a-line`;
      makeLongRun(long, name, perLine);
      const megabytes = statSync(path.join(long, name, 'metrics.jsonl')).size / 1e6;
      const [first, all] = measure('open', long, name);
      console.log(
        `Open  a million steps, ${perLine} a line (${megabytes.toFixed(0)} MB): first look ${first}, all read ${all}`,
      );
    }
    const many = path.join(folder, 'many');
    for (let i = 0; i < 500; i++) makeRun(many, `run-${i}`);
    console.log(`List  500 runs: ${measure('list', many).join('')}`);
    await browse(long);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
