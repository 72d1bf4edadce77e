/** *Train…* and *Select Device…*: one question after the other, each of which refuses what cannot be. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runsIn, until, Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith());
});
after(() => workbench?.close());

/** What `run.json` says; undefined while it is not there yet. */
function infoOf(run: string) {
  try {
    return JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Answers a question of the list that asks it. */
async function choose(question: string, answer: string): Promise<void> {
  await workbench.quickInput.getByPlaceholder(question).waitFor();
  await workbench.pick(answer);
}

/** Answers a question of the input box: what is wrong is refused with a sentence, also when Enter is pressed. */
async function enter(
  question: string,
  { offered, wrong, complaint, right }: Record<'offered' | 'wrong' | 'complaint' | 'right', string>,
): Promise<void> {
  const { quickInput, input, page } = workbench;
  await quickInput.getByText(question).waitFor();
  assert.equal(await input.inputValue(), offered);
  await input.fill(wrong);
  await quickInput.getByText(complaint).waitFor();
  await page.keyboard.press('Enter');
  await quickInput.getByText(complaint).waitFor();
  await input.fill(right);
  await quickInput.getByText(complaint).waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
}

test('Train… asks for dataset, network, hyperparameters and device, and trains with the answers', () =>
  workbench.watch('wizard', async () => {
    const count = 'Expected a whole number above 0';
    await workbench.command('Descent: Train…');
    await choose('What should be trained on?', 'Generated digits');
    await choose('Which network?', 'Other sizes…');
    const sizes = {
      offered: '256, 128',
      wrong: '32, many',
      complaint: 'Expected whole numbers',
      right: '32, 16',
    };
    await enter('The sizes of the hidden layers', sizes);
    await choose('How are the weights updated?', 'AdamW');
    const rate = { offered: '0.001', wrong: '-1', complaint: 'Expected a number above 0', right: '0.002' };
    await enter('The learning rate', rate);
    const epochs = { offered: '5', wrong: '1.5', complaint: count, right: '2' };
    await enter('How many times through the training set?', epochs);
    const batch = { offered: '64', wrong: '0', complaint: count, right: '50' };
    await enter('How many samples in a step?', batch);
    await choose('How should training images change?', 'Turn, shift and scale a little');
    await choose('On which device?', 'CPU');
    await workbench.notification('training on generated digits is complete');
    const [run = '', ...others] = runsIn(workbench.workspace);
    assert.deepEqual(others, []);
    const { config }: { config: object } = JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8'));
    assert.deepEqual(
      { ...config },
      {
        ...config,
        ...{ dataset: null, model: 'mnist-mlp', hidden: [32, 16], optimizer: 'adamw' },
        ...{ lr: 0.002, epochs: 2, batchSize: 50, device: 'cpu' },
        data: { transforms: ['RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1))'] },
      },
    );
  }));

test('a question that is closed starts nothing', () =>
  workbench.watch('wizard-closed', async () => {
    await workbench.command('Descent: Train…');
    await choose('What should be trained on?', 'Generated digits');
    await choose('Which network?', 'No hidden layer');
    await workbench.quickInput.getByPlaceholder('How are the weights updated?').waitFor();
    // The question before offers what was chosen, and none is before the first.
    await workbench.quickInput.getByRole('button', { name: 'Back' }).click();
    await workbench.quickInput.getByPlaceholder('Which network?').waitFor();
    await workbench.quickInput.locator('.monaco-list-row.focused', { hasText: 'No hidden layer' }).waitFor();
    await workbench.quickInput.getByRole('button', { name: 'Back' }).click();
    await choose('What should be trained on?', 'Generated digits');
    await workbench.quickInput.locator('.monaco-list-row.focused', { hasText: 'No hidden layer' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.getByPlaceholder('How are the weights updated?').waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
    assert.equal(await workbench.status(), undefined);
    assert.equal(runsIn(workbench.workspace).length, 1);
  }));

test('Select Device… is kept, and used by the next run', () =>
  workbench.watch('device', async () => {
    const { quickInput } = workbench;
    const inUse = quickInput.locator('.monaco-list-row[aria-label*="in use for new runs"]');
    await workbench.command('Descent: Select Device…');
    await inUse.waitFor();
    assert.match((await inUse.textContent()) ?? '', /Automatic/);
    await workbench.screenshot('select-device');
    await workbench.pick('CPU');
    await quickInput.waitFor({ state: 'hidden' });
    await until('the device in the list', async () => {
      await workbench.command('Descent: Select Device…');
      await inUse.waitFor();
      const text = (await inUse.textContent()) ?? '';
      await workbench.page.keyboard.press('Escape');
      await quickInput.waitFor({ state: 'hidden' });
      return text.includes('CPU') || undefined;
    });
    await workbench.command('Descent: Train on Generated Digits');
    const run = await until('another run', () => runsIn(workbench.workspace).sort()[1]);
    const info = await until('its settings', () => infoOf(run));
    assert.equal(info.config.device, 'cpu');
    assert.equal(info.deviceReason, 'as asked');
  }));

test('Train… trains a preset as suits it, where nothing else is asked for', () =>
  workbench.watch('wizard-preset', async () => {
    // One run at a time.
    await until(
      'the end of the runs before',
      () => runsIn(workbench.workspace).every(run => infoOf(run)?.status === 'finished') || undefined,
    );
    await workbench.command('Descent: Train…');
    await choose('What should be trained on?', 'Generated digits');
    await choose('Which network?', 'A 3 or a 7?');
    await choose('How are the weights updated?', 'The usual one');
    for (const [question, offered] of [
      ['How many times through the training set?', '5'],
      ['How many samples in a step?', '64'],
    ] as const) {
      await workbench.quickInput.getByText(question).waitFor();
      assert.equal(await workbench.input.inputValue(), offered);
      await workbench.page.keyboard.press('Enter');
    }
    await choose('How should training images change?', 'None');
    await choose('On which device?', 'CPU');
    const run = await until('another run', () => runsIn(workbench.workspace).sort()[2]);
    const info = await until('its end', () => {
      const found = infoOf(run);
      return found?.status === 'finished' ? found : undefined;
    });
    assert.equal(info.model, 'three-seven 784-30-1');
    assert.equal(info.config.scheduler, 'onecycle');
    assert.deepEqual(info.dataset.classes, ['7', '3']);
    assert.deepEqual(info.config.data, {});
  }));

test('where a folder can be read in several ways the person is asked, and training goes on with the answer', () =>
  workbench.watch('question', async () => {
    const folder = path.join(workbench.workspace, 'tables');
    mkdirSync(folder);
    const rows = Array.from({ length: 40 }, (_, i) => `${i / 7},${(i * i) / 3},${i % 2}`).join('\n');
    for (const name of ['first.csv', 'second.csv']) writeFileSync(path.join(folder, name), rows);
    const before = runsIn(workbench.workspace).length;
    await workbench.command('Descent: Train MNIST MLP');
    await workbench.quickInput.getByText('How Is This Data to Be Read?').waitFor();
    await workbench.screenshot('question');
    await workbench.pick('second.csv');
    const run = await until('a run on the table', () => runsIn(workbench.workspace)[before]);
    assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'descent.json'), 'utf8')), {
      format: 'csv',
      file: 'second.csv',
    });
    await until('the end of the run', () => infoOf(run)?.status === 'finished' || undefined);
    assert.match(infoOf(run).dataset.reading, /second\.csv/);
  }));
