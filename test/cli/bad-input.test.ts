/** Whatever is wrong with what a user gives ends in one line that says so, and leaves nothing behind. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeIdx } from '../../src/data/idx';
import { digitsFolder, temporaryFolder } from '../training/support';
import { descent, eventsOf, failureIn } from './support';

const images = 'train-images-idx3-ubyte';
const labels = 'train-labels-idx1-ubyte';

function labelFile(values: readonly number[]): Uint8Array {
  return writeIdx({ type: 'ubyte', shape: [values.length], data: Uint8Array.from(values) });
}

/** Each breaks a good folder; the error must name the file and say what was expected and found. */
const broken: [string, (folder: string) => void, RegExp][] = [
  [
    'a wrong magic number',
    folder => {
      const bytes = readFileSync(path.join(folder, images));
      bytes.set([1, 2, 3, 4]);
      writeFileSync(path.join(folder, images), bytes);
    },
    /train-images-idx3-ubyte: wrong magic number: expected 00 00 08 03 .*, found 01 02 03 04/,
  ],
  [
    'a truncated file',
    folder => {
      const bytes = readFileSync(path.join(folder, images));
      writeFileSync(path.join(folder, images), bytes.subarray(0, 1000));
    },
    /train-images-idx3-ubyte: truncated: .*needs 235,216 bytes, found 1,000 bytes/,
  ],
  [
    'a web page under the name of an archive',
    folder => replaceByGz(folder, images, '<!DOCTYPE html>\n<html>\n404</html>'),
    /train-images-idx3-ubyte\.gz: looks like an HTML page/,
  ],
  [
    'a Git LFS pointer under the name of an archive',
    folder =>
      replaceByGz(folder, labels, 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n'),
    /train-labels-idx1-ubyte\.gz: is a Git LFS pointer/,
  ],
  [
    'half an archive',
    folder => {
      const bytes = gzipSync(readFileSync(path.join(folder, images)));
      replaceByGz(folder, images, bytes.subarray(0, bytes.length >> 1));
    },
    /train-images-idx3-ubyte\.gz: truncated: .* needs [\d,]+ bytes, found gzip data that ends after [\d,]+ bytes/,
  ],
  [
    'labels and images of different number',
    folder => writeFileSync(path.join(folder, labels), labelFile([1, 2, 3])),
    /train-labels-idx1-ubyte: expected 300 labels, one for each image of train-images-idx3-ubyte, found 3 labels/,
  ],
  [
    'a label outside of the classes',
    folder => writeFileSync(path.join(folder, labels), labelFile(new Array<number>(300).fill(4).with(7, 10))),
    /train-labels-idx1-ubyte: expected labels from 0 to 9, found 10 at index 7/,
  ],
];

/** Puts `content` in the place of a file, under the name of its compressed twin. */
function replaceByGz(folder: string, name: string, content: string | Uint8Array): void {
  writeFileSync(path.join(folder, `${name}.gz`), content);
  rmSync(path.join(folder, name));
}

describe('a data set with', () => {
  test.each(broken)('%s', async (_, damage, expected) => {
    const folder = digitsFolder();
    damage(folder);
    const runs = path.join(temporaryFolder(), 'runs');
    const ended = await descent(['train', folder, '--runs', runs, '--json']);
    expect(failureIn(ended)).toMatch(expected);
    expect(eventsOf(ended)).toEqual([{ event: 'error', message: failureIn(ended) }]);
    expect(existsSync(runs)).toBe(false);
  });
});

describe('a folder', () => {
  test.each<[string, (base: string) => string, RegExp]>([
    ['that is missing', base => path.join(base, 'absent'), /absent: there is no such folder/],
    [
      'that is empty',
      base => {
        mkdirSync(path.join(base, 'empty'));
        return path.join(base, 'empty');
      },
      /empty: the folder is empty: expected IDX files/,
    ],
    [
      'without a data set',
      base => {
        writeFileSync(path.join(base, 'readme.txt'), 'hello');
        return base;
      },
      /no data set found: expected IDX files .*found 1 file \(readme\.txt\)/,
    ],
    [
      'that is a file',
      base => {
        writeFileSync(path.join(base, 'a.txt'), '');
        return path.join(base, 'a.txt');
      },
      /a\.txt: no data set: a\.txt is empty or no text; choose another file, or a folder/,
    ],
  ])('%s', async (_, prepare, expected) => {
    const base = temporaryFolder();
    const folder = prepare(base);
    const runs = path.join(base, 'runs');
    const ended = await descent(['train', folder, '--runs', runs]);
    expect(failureIn(ended)).toMatch(expected);
    expect(ended.stdout).toBe('');
    expect(existsSync(runs)).toBe(false);
  });
});

describe('a folder of runs that cannot be written', () => {
  test.each(['below a file', 'below /proc'])('%s', async where => {
    const base = temporaryFolder();
    writeFileSync(path.join(base, 'file'), '');
    const runs = where === 'below a file' ? path.join(base, 'file', 'runs') : '/proc/descent';
    const ended = await descent(['train', digitsFolder(), '--runs', runs, '--device', 'cpu', '--json']);
    expect(failureIn(ended)).toContain(`${runs}/`);
    expect(failureIn(ended)).toMatch(/the folder of the run cannot be made: /);
    expect(eventsOf(ended)).toEqual([{ event: 'error', message: failureIn(ended) }]);
    expect(readdirSync(base)).toEqual(['file']);
  });
});

describe('a checkpoint', () => {
  test.each(['evaluate', 'train --resume'])('that is none, for %s', async command => {
    const base = temporaryFolder();
    const file = path.join(base, 'best.pt');
    writeFileSync(file, 'hello');
    const args = command === 'evaluate' ? ['evaluate', file] : ['train', '--resume', base];
    const ended = await descent([...args, '--json']);
    expect(failureIn(ended)).toMatch(
      command === 'evaluate'
        ? /best\.pt: expected a checkpoint, found a text file/
        : /run\.json: expected the folder of a run, with a run\.json: there is no such file/,
    );
    expect(eventsOf(ended)).toEqual([{ event: 'error', message: failureIn(ended) }]);
  });

  test('of another model than the data needs', async context => {
    const { DESCENT_DATA } = process.env;
    const data = DESCENT_DATA ?? path.join(import.meta.dirname, '../../../shared/data');
    const file = path.join(data, 'checkpoints', 'zip-checkpoint-dict.pt');
    if (!existsSync(file)) {
      console.warn(`Skipped: no checkpoint at ${file}; set DESCENT_DATA to the folder of the data.`);
      return context.skip();
    }
    expect(failureIn(await descent(['evaluate', file, digitsFolder()]))).toMatch(
      /zip-checkpoint-dict\.pt: the model does not fit the data in .*: it takes 5 numbers and knows 3 classes/,
    );
  });
});

describe('bad usage', () => {
  test.each<[string, string[], RegExp]>([
    ['a word that is no number', ['train', '--epochs', 'x'], /--epochs.*'x' is invalid.*whole number/],
    ['no epochs', ['train', '--epochs', '0'], /at least 1/],
    ['half an epoch', ['train', '--epochs', '1.5'], /whole number/],
    ['a negative learning rate', ['train', '--lr', '-1'], /above 0/],
    ['an infinite learning rate', ['train', '--lr', 'Infinity'], /expected a number above 0/],
    ['all for validation', ['train', '--validation', '1'], /at least 0 and below 1/],
    ['an empty layer', ['train', '--hidden', '256,'], /--hidden/],
    ['an unknown optimizer', ['train', '--optimizer', 'lion'], /Allowed choices are sgd, adam, adamw/],
    ['an unknown model', ['train', '--model', 'gpt'], /expected one of mnist-mlp/],
    [
      'an unknown schedule',
      ['train', '--scheduler', 'warm'],
      /Allowed choices are none, step, multistep, cosine, restarts, /,
    ],
    ['a step size without steps', ['train', '--step-size', '3'], /a step size is for the schedule step/],
    ['a negative L1', ['train', '--l1', '-1'], /--l1 <w>.*at least 0/],
    ['no room for weights', ['train', '--max-norm', '0'], /--max-norm <c>.*above 0/],
    ['all units dropped', ['train', '--dropout', '1'], /--dropout <p>.*at least 0 and below 1/],
    ['all certainty smoothed', ['train', '--label-smoothing', '1'], /--label-smoothing <s>.*below 1/],
    ['no patience', ['train', '--patience', '0'], /--patience <epochs>.*at least 1/],
    [
      'an improvement nobody waits for',
      ['train', '--min-delta', '0.1'],
      /a smallest improvement is for early stopping; give a patience too/,
    ],
    ['layers for linear', ['train', '--model', 'linear', '--hidden', '9'], /linear takes no sizes of hidden/],
    ['another dropout when resuming', ['train', '--resume', 'x', '--dropout', '0.5'], /cannot be changed/],
    ['an unknown device', ['train', '--device', 'tpu'], /Allowed choices are auto, cpu, webgpu/],
    ['an unknown option', ['train', '--foo'], /unknown option '--foo'/],
    ['an unknown command', ['fly'], /unknown command 'fly'/],
    ['two folders', ['train', 'a', 'b'], /too many arguments/],
    [
      'momentum for adam',
      ['train', '--optimizer', 'adam', '--momentum', '0.9'],
      /a momentum is for sgd and rmsprop, found one for adam/,
    ],
    [
      'another seed when resuming',
      ['train', '--resume', 'x', '--seed', '2'],
      /'--seed <n>' cannot be changed/,
    ],
    ['no checkpoint', ['evaluate'], /missing required argument 'checkpoint'/],
    ['an unknown split', ['evaluate', 'x', '--split', 'dev'], /Allowed choices are train, test/],
  ])('%s', async (_, args, expected) => {
    const plain = await descent(args);
    expect(failureIn(plain, 2)).toMatch(expected);
    expect(plain.stdout).toBe('');
  });

  test('keeps standard output to JSON, too', async () => {
    const ended = await descent(['train', '--json', '--epochs', 'x']);
    expect(eventsOf(ended)).toEqual([{ event: 'error', message: failureIn(ended, 2) }]);
  });

  test('no command', async () => {
    const { code, stdout, stderr } = await descent([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: descent/);
  });

  test('help and version are no failures', async () => {
    for (const args of [['--help'], ['train', '--help'], ['--version']]) {
      const { code, stdout, stderr } = await descent(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(args.includes('--version') ? /^\d+\.\d+\.\d+\n$/ : /^Usage: descent/);
    }
  });
});
