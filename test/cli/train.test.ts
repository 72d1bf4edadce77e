/** `descent train` and `descent evaluate` from beginning to end, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { digitsFolder, epochsOf, lossesOf, realData, temporaryFolder } from '../training/support';
import { descent, type Ended, eventsOf, failureIn, noDriver, program, runProgram, startOf } from './support';

const stepSchema = z.strictObject({
  event: z.literal('step'),
  step: z.number(),
  epoch: z.number(),
  loss: z.number(),
  learningRate: z.number(),
});
const epochSchema = z.strictObject({
  event: z.literal('epoch'),
  epoch: z.number(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  seconds: z.number(),
  samplesPerSecond: z.number(),
});
const endSchema = z.object({
  event: z.literal('end'),
  testLoss: z.number(),
  testAccuracy: z.number(),
  checkpoint: z.string(),
  run: z.string(),
  seconds: z.number(),
});
const evaluationReportSchema = z.object({
  loss: z.number(),
  accuracy: z.number(),
  correct: z.number(),
  total: z.number(),
  confusion: z.array(z.array(z.number())),
  perClass: z.array(
    z.object({ label: z.string(), precision: z.number(), recall: z.number(), f1: z.number() }),
  ),
});

/** Arguments for a run that takes a moment: 27 steps an epoch. */
const small = ['--hidden', '16', '--batch-size', '10', '--lr', '0.05', '--device', 'cpu'];

function endOf(ended: Ended) {
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  return endSchema.parse(eventsOf(ended).at(-1));
}

describe('descent train --json', () => {
  test('tells a run as events, and evaluate finds exactly what it reported', async () => {
    const folder = temporaryFolder();
    const data = digitsFolder();
    const args = ['train', path.relative(folder, data), ...small, '--epochs', '2', '--json'];
    const ended = await descent(args, { cwd: folder });
    const end = endOf(ended);
    const start = startOf(ended);
    expect(start).toMatchObject({
      model: 'mnist-mlp 784-16-10',
      parameters: 12730,
      device: 'cpu',
      dataset: { train: 270, validation: 30, test: 100, shape: [28, 28], classes: [...'0123456789'] },
    });
    const middle = eventsOf(ended).slice(1, -1);
    expect(middle.map(({ event }) => event).filter(event => event !== 'step')).toEqual(['epoch', 'epoch']);
    for (const event of middle) (event.event === 'step' ? stepSchema : epochSchema).parse(event);
    expect(middle[0]).toMatchObject({ event: 'step', step: 1, epoch: 1 });
    expect(path.dirname(end.run)).toBe('runs');

    // From another folder: the run knows where its data is.
    const checkpoint = path.join(folder, end.checkpoint);
    const evaluated = await descent(['evaluate', checkpoint, '--json']);
    const report = evaluationReportSchema.parse(JSON.parse(evaluated.stdout));
    expect(report).toMatchObject({ accuracy: end.testAccuracy, loss: end.testLoss, total: 100 });
    expect(report.correct).toBe(report.confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0));
    expect(evaluated.stderr).toBe('');

    const plain = await descent(['evaluate', checkpoint, data, '--split', 'train']);
    expect(plain.stderr).toBe('');
    expect(plain.stdout).toMatch(
      /^Data {5}\S+, train set\nAccuracy \d+\.\d\d % \(\d+ of 300\), loss \d\.\d{4}\n/,
    );
    expect(plain.stdout).toMatch(/class {2}precision {2}recall {6}f1 {2}samples\n0 /);
  });

  test('the seed decides the losses', async () => {
    const runs = temporaryFolder();
    const args = ['train', digitsFolder(), ...small, '--epochs', '1', '--runs', runs, '--json'];
    const [first, again, other] = [
      endOf(await descent([...args, '--seed', '5'])),
      endOf(await descent([...args, '--seed', '5', '--threads', '1'])),
      endOf(await descent([...args, '--seed', '6'])),
    ];
    expect(lossesOf(again.run)).toEqual(lossesOf(first.run));
    expect(lossesOf(other.run)).not.toEqual(lossesOf(first.run));
    expect(other.testLoss).not.toBe(first.testLoss);
  });

  test('Ctrl-C saves and says how to go on; what follows is the uninterrupted run', async () => {
    const runs = temporaryFolder();
    const args = ['train', digitsFolder(), ...small, '--epochs', '3', '--runs', runs];
    const whole = endOf(await descent([...args, '--json']));
    const stopped = await descent([...args, '--json'], {
      onOutput: (stdout, child) => {
        if (stdout.includes('"event":"step"') && !child.killed) child.kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(0);
    expect(eventsOf(stopped).at(-1)).toMatchObject({ event: 'stopped' });
    const { run } = startOf(stopped);
    expect(lossesOf(run).length).toBeLessThan(81);
    const resumed = endOf(await descent(['train', '--resume', run, '--json']));
    expect(resumed.run).toBe(run);
    expect(lossesOf(run)).toEqual(lossesOf(whole.run));
    expect(epochsOf(run)).toEqual(epochsOf(whole.run));
    expect(resumed).toMatchObject({ testLoss: whole.testLoss, testAccuracy: whole.testAccuracy });
    const longer = endOf(await descent(['train', '--resume', run, '--epochs', '4', '--json']));
    expect(longer.run).toBe(run);
    expect(lossesOf(run)).toHaveLength(108);
  });

  test('says at which step the loss became too large', async () => {
    const runs = temporaryFolder();
    const args = ['train', digitsFolder(), '--lr', '1e6', '--device', 'cpu', '--runs', runs, '--json'];
    const ended = await descent(args);
    expect(failureIn(ended)).toMatch(
      /^the loss became \S+ \(first in \w+(\.\w+| of \w+)\) at step 2 \(epoch 1\) and training was stopped: try/,
    );
    expect(eventsOf(ended).at(-1)).toEqual({ event: 'error', message: failureIn(ended) });
  });

  test('three runs that begin at once have a folder each', async () => {
    const runs = path.join(temporaryFolder(), 'new');
    const args = ['train', digitsFolder(), ...small, '--epochs', '1', '--runs', runs, '--json'];
    const ended = await Promise.all([1, 2, 3].map(() => descent(args)));
    expect(new Set(ended.map(each => endOf(each).run)).size).toBe(3);
    expect(readdirSync(runs)).toHaveLength(3);
  });
});

describe('descent train in a pipe', () => {
  test('prints plain lines: progress to standard error, the result to standard output', async () => {
    const runs = temporaryFolder();
    const args = [
      'train',
      digitsFolder(),
      '--epochs',
      '2',
      '--device',
      'auto',
      ...small.slice(0, 6),
      '--runs',
      runs,
    ];
    const { code, stdout, stderr } = await descent(args);
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    const control = /[\u0000-\u0009\u000b-\u001f\u007f]/;
    expect(stdout).not.toMatch(control);
    expect(stderr).not.toMatch(control);
    expect(stderr).toContain('Device  cpu (no webgpu device found)');
    expect(stderr).toMatch(/^ +1\/2 +\d\.\d{4} +\d+\.\d\d % +\d\.\d{4} +\d+\.\d\d % +\d\.\d\d s +[\d,]+$/m);
    expect(stdout).toMatch(/^Training loss, logarithmic\n/);
    expect(stdout).toMatch(/^Test accuracy {2}\d+\.\d\d %, loss \d\.\d{4}, with the weights of epoch [12]$/m);
    expect(stdout).toMatch(/^Checkpoint {5}.*best\.pt$/m);
    for (const line of [...stdout.split('\n'), ...stderr.split('\n')]) {
      if (!line.includes(runs)) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  test('ends quietly when nobody reads on, and the run can be resumed', async () => {
    const runs = temporaryFolder();
    const data = digitsFolder({ train: 2000 });
    const command = `"${process.execPath}" "${program}" train "${data}" --device cpu --epochs 50 --runs "${runs}" --json | head -1`;
    const { stdout, stderr } = await runProgram('bash', ['-c', command], { env: noDriver });
    expect(stderr).toBe('');
    const { run } = z.object({ run: z.string() }).parse(JSON.parse(stdout));
    expect(JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8'))).toMatchObject({ status: 'stopped' });
  });

  test.runIf(existsSync('/dev/full'))('fails when standard output is on a full disk', async () => {
    const command = `"${process.execPath}" "${program}" train "${digitsFolder()}" ${small.join(' ')} --runs "${temporaryFolder()}" --json > /dev/full`;
    const { code, stderr } = await runProgram('bash', ['-c', command], { env: noDriver });
    expect(code).toBe(1);
    expect(stderr).toBe('descent: standard output cannot be written: ENOSPC\n');
  });
});

/** Mounts a disk of half a megabyte, where that is permitted, for a command that writes to `$DISK`. */
function onTinyDisk(command: string): Promise<Ended> {
  const disk = temporaryFolder();
  const script = `mount -t tmpfs -o size=512k tmpfs "${disk}" && DISK="${disk}" && ${command}; code=$?; ls -R "${disk}" >&2; exit $code`;
  return runProgram('unshare', ['-m', 'bash', '-c', script], { env: noDriver });
}

const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
if (!canMount) console.warn('Skipped: mounting is not permitted here, so that no disk can be filled.');

describe.skipIf(!canMount)('a full disk', () => {
  test('ends a run with one line that names the file', async () => {
    const data = digitsFolder();
    // The checkpoints of 784-16-10 take 51 KB each, those of 784-256-10 take 800 KB. Histograms take
    // 150 to 190 KB: how many there are depends on how long steps take.
    const fits = await onTinyDisk(
      `"${process.execPath}" "${program}" train "${data}" ${small.join(' ')} --epochs 1 --runs $DISK --json`,
    );
    expect(fits.code).toBe(0);
    const full = await onTinyDisk(
      `"${process.execPath}" "${program}" train "${data}" --device cpu --epochs 1 --runs $DISK --json`,
    );
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(
      /^descent: \S+best\.pt: could not be written: the disk is full; free some space\n/,
    );
    expect(full.stderr).not.toMatch(/\.tmp/);
    const last = eventsOf(full).at(-1);
    expect(last).toMatchObject({ event: 'error' });
    const none = await onTinyDisk(
      `head -c 512k /dev/zero > $DISK/fill; "${process.execPath}" "${program}" train "${data}" --device cpu --runs $DISK --json`,
    );
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(
      /^descent: \S+(run\.(json|lock): could not be written|cannot be made): the disk is full/,
    );
    expect(none.stderr).not.toMatch(/checkpoints/);
  });
});

describe('MNIST', () => {
  test('the default model knows 95 % of the test images after two epochs of adam', {
    timeout: 120_000,
  }, async context => {
    const data = realData('mnist');
    if (data === undefined) return context.skip();
    const runs = temporaryFolder();
    const ended = await descent([
      ...['train', data, '--epochs', '2', '--optimizer', 'adam', '--device', 'cpu', '--runs', runs, '--json'],
    ]);
    const end = endOf(ended);
    expect(startOf(ended)).toMatchObject({
      model: 'mnist-mlp 784-256-10',
      parameters: 203530,
      dataset: { name: 'mnist', train: 54000, validation: 6000, test: 10000 },
    });
    expect(end.testAccuracy).toBeGreaterThan(0.95);
    const evaluated = await descent(['evaluate', end.checkpoint, data, '--json']);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ accuracy: end.testAccuracy, loss: end.testLoss });
  });

  test('without a folder the generated digits are learned, and kept in the cache', async () => {
    const cache = temporaryFolder();
    const args = ['train', '--epochs', '1', '--device', 'cpu', '--runs', temporaryFolder(), '--json'];
    const ended = await descent(args, { env: { DESCENT_CACHE: cache } });
    expect(endOf(ended).testAccuracy).toBeGreaterThan(0.8);
    expect(startOf(ended).dataset).toMatchObject({
      name: 'generated digits',
      train: 10800,
      validation: 1200,
    });
    expect(readdirSync(cache)).toHaveLength(1);
    const evaluated = await descent(['evaluate', endOf(ended).checkpoint, '--json'], {
      env: { DESCENT_CACHE: cache },
    });
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ accuracy: endOf(ended).testAccuracy, total: 2000 });
  });
});
