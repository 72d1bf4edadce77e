/**
 * How fast histories are: opening runs of a million steps, in a process that knows nothing of them yet; listing 500
 * runs; and panning in a browser, where there is one. `npm run bench -- history`.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Runs } from '../../src/history';
import { epochLine, makeRun, stepsLine } from '../history/made-up';
import { pan, withDashboard } from './support/dashboard-page';

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

function browse(runs: string): Promise<void> {
  return withDashboard(runs, async page => {
    const values = page.locator('[data-chart="loss"] tbody tr').first().locator('td').first();
    await values.waitFor({ state: 'attached' });
    const drawn = await page.evaluate(() => performance.now());
    await page.locator('.reading').waitFor({ state: 'hidden', timeout: 60_000 });
    const read = await page.evaluate(() => performance.now());
    console.log(`Page  curves ${drawn.toFixed(0)} ms after its start, all read after ${read.toFixed(0)} ms`);
    const surface = '[data-chart="loss"] .surface';
    await page.locator(surface).focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('+');
    await page.waitForTimeout(1000);
    console.log(`Pan   ${await pan(page, surface, true)}`);
  });
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
