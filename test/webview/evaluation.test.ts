/** The page of an evaluation, with the process's own answers behind it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../src/data/digits';
import { evaluationSchema } from '../../src/protocol/evaluation';
import { Evaluator } from '../../src/trainer/evaluator';
import { smallConfig, temporaryFolder, trainRun, writeDataset } from '../training/support';
import { hasBrowser } from './browser';
import { visitEditorPage } from './editor-page';
import { eventually } from './page';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** A page about the checkpoint of a run that was trained for a moment. */
async function open() {
  const dataset = writeDataset(generateDigits({ train: 600, test: 200, seed: 1 }));
  const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset, epochs: 2, lr: 0.1 }));
  const file = path.join(run, 'checkpoints', 'best.pt');
  const page = await visitEditorPage('evaluation', send => {
    const evaluator = new Evaluator({ file }, send);
    return { receive: message => evaluator.receive(message) };
  });
  await page.locator('.matrix').waitFor();
  const kept = path.join(run, 'evaluations');
  const [name = ''] = readdirSync(kept);
  return { page, report: evaluationSchema.parse(JSON.parse(readFileSync(path.join(kept, name), 'utf8'))) };
}

const answer = (page: Page) => page.locator('.answer').textContent();

describe.skipIf(!hasBrowser)('the page of an evaluation', () => {
  it('shows what was measured, and the samples of a cell', async () => {
    const { page, report } = await open();
    expect(await page.locator('.facts').textContent()).toContain(
      `${(100 * report.accuracy).toFixed(2)} %${report.correct} of 200`,
    );
    const numbers = await page.locator('.matrix button').allTextContents();
    expect(numbers.map(Number)).toEqual(report.confusion.flat());
    expect(await page.locator('.class-table tbody tr').count()).toBe(10);
    expect(await page.getByRole('img', { name: /^Reliability diagram/ }).count()).toBe(1);

    await page.getByRole('button', { name: /of class 3 are right/ }).click();
    const right = report.confusion[3]?.[3] ?? 0;
    await page.getByRole('heading', { name: `3, taken for it: ${right}` }).waitFor();
    const tiles = page.locator('[aria-label="Samples of the cell"] .tile');
    await eventually(() => tiles.count()).toBe(Math.min(24, right));
    await eventually(() => page.locator('[aria-label="Mistakes"] .tile').count()).toBe(
      Math.min(24, report.mistakes.length),
    );
    const [worst] = report.mistakes;
    expect(await page.locator('[aria-label="Mistakes"] .tile').first().getAttribute('title')).toContain(
      `Sample ${worst?.index} is ${worst?.actual}, taken for ${worst?.predicted}`,
    );
  });

  it('says what a drawing is while it is drawn, soon enough to follow', async () => {
    const { page } = await open();
    const pad = await page.locator('.pad').boundingBox();
    if (pad === null) throw new Error('there is no pad');
    // A one: a line from top to bottom.
    await page.mouse.move(pad.x + pad.width / 2, pad.y + 30);
    await page.mouse.down();
    await page.mouse.move(pad.x + pad.width / 2, pad.y + pad.height - 30, { steps: 10 });
    await page.mouse.up();
    await eventually(() => answer(page)).toMatch(/^1, /);
    expect(await page.locator('.probabilities li').count()).toBe(10);
    expect(await page.locator('.probabilities .best .name').textContent()).toBe('1');
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await answer(page)).toMatch(/^Draw/);
    await page.getByRole('button', { name: 'Take a Sample' }).click();
    await eventually(() => answer(page)).toMatch(/^\d, \d/);
    await page.locator('[aria-label="Mistakes"] .tile').first().click();
    const label = await page.locator('[aria-label="Mistakes"] .tile').first().getAttribute('title');
    const taken = /taken for (\d)/.exec(label ?? '')?.[1] ?? '';
    await eventually(() => answer(page)).toMatch(new RegExp(`^${taken}, `));
  });

  it('can be used with keys alone, and keeps what was chosen', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: /of class 0 are right/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^1, taken for it: \d+/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /^1, taken for it: \d+/ }).waitFor();
    await page.getByRole('radio', { name: 'Training' }).check();
    await page.getByText('of 600').waitFor();
  });

  it('can be used by everybody, in light, dark and high contrast', async () => {
    const { page } = await open();
    for (const [name, media] of Object.entries({
      light: { colorScheme: 'light', contrast: 'no-preference' },
      dark: { colorScheme: 'dark', contrast: 'no-preference' },
      'high-contrast': { colorScheme: 'dark', contrast: 'more' },
    } as const)) {
      await page.emulateMedia(media);
      await page.evaluate(axeSource);
      const violations = await page.evaluate(async () => {
        const axe: unknown = Reflect.get(window, 'axe');
        if (typeof axe !== 'object' || axe === null) throw new Error('axe is not there');
        const found = await Reflect.get(axe, 'run')();
        return found.violations.map((violation: { id: string; nodes: { html: string }[] }) =>
          [violation.id, ...violation.nodes.slice(0, 2).map(node => node.html)].join(' '),
        );
      });
      expect(violations, name).toEqual([]);
    }
  });

  it('says why there is nothing to be seen', async () => {
    const page = await visitEditorPage('evaluation', send => {
      const evaluator = new Evaluator({ file: '/nowhere/model.pt', folder: null }, send);
      return { receive: message => evaluator.receive(message) };
    });
    await page.getByText('/nowhere/model.pt: expected a checkpoint: there is no such file').waitFor();
    expect(await page.getByRole('button', { name: 'Try Again' }).isVisible()).toBe(true);
  });
});
