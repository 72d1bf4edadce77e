/** Transforms as they are written, what they do when, and what is said where they cannot be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/data/data-error';
import { generateDigits } from '../../../src/data/digits';
import { readCalls } from '../../../src/data/transforms/call';
import { readTransforms } from '../../../src/data/transforms/catalogue';
import { Draws } from '../../../src/data/transforms/draws';
import { withTransforms } from '../../../src/data/transforms/for-data';
import { planTransforms } from '../../../src/data/transforms/plan';
import { TransformError } from '../../../src/data/transforms/transform-error';
import type { Generator } from '../../../src/engine';

const problemOf = (...texts: string[]) => {
  try {
    planTransforms(texts);
  } catch (error) {
    if (error instanceof TransformError) return error.message;
    throw error;
  }
  return undefined;
};

describe('a call', () => {
  it('is read as Python writes it', () => {
    const [crop, flip] = readCalls(
      'transforms.RandomCrop((28, 20), padding=[1,2], fill = -1.5e1), T.RandomFlip',
    );
    expect(crop).toMatchObject({ name: 'RandomCrop', positional: [[28, 20]], text: expect.any(String) });
    expect(crop?.text).toBe('RandomCrop((28, 20), padding=[1,2], fill = -1.5e1)');
    expect([...(crop?.keyword ?? [])]).toEqual([
      ['padding', [1, 2]],
      ['fill', -15],
    ]);
    expect(flip).toMatchObject({ name: 'RandomFlip', positional: [], text: 'RandomFlip' });
    const [turn] = readCalls("RandomRotation(5, InterpolationMode.BILINEAR, None, x='a')");
    expect(turn?.positional).toEqual([5, 'bilinear', null]);
  });

  it('is refused in a line, or read, whatever the text', () => {
    const pieces = fc.constantFrom(
      'Resize',
      '(',
      ')',
      ',',
      '=',
      '7',
      "'a",
      '"',
      '[',
      'None',
      '.',
      ' ',
      'lambda',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map(all => all.join('')),
        ),
        text => {
          try {
            readTransforms(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TransformError);
          }
        },
      ),
    );
  });
});

describe('transforms', () => {
  it.each([
    ['RandomCrop(28, padding=4', 'expected a comma or ), found the end'],
    [
      'RandomCrop()',
      'RandomCrop: expected size to be 1 or 2 of: a whole number from 1 to 4096, found nothing',
    ],
    [
      'RandomCrop(28, pading=4)',
      'RandomCrop takes size, padding, pad_if_needed, fill, padding_mode; found pading',
    ],
    ['RandomHorizontalFlip(2)', 'RandomHorizontalFlip: expected p to be a number from 0 to 1, found 2'],
    ['RandomRotation(-3)', 'If degrees is a single number, it must be positive'],
    ["Resize(8, 'bicubic')", 'Resize: expected interpolation to be “bilinear”, found "bicubic"'],
    ['Normalize(0.5, 0)', 'Normalize: std evaluated to zero or less, leading to division by zero'],
    ['Normalize(), Normalize()', 'Normalize is given twice'],
    [
      'Normalize(), Resize(8)',
      'Resize(8) works on pixels and stands behind Normalize(), after which they are numbers; put it before that',
    ],
    ['lambda x: x', 'expected a comma or the end, found “x: x”'],
    ["__import__('os')", 'expected one of ToTensor, '],
  ])('%s is refused', (text, message) => expect(problemOf(text)).toContain(message));

  it('are done when the data is read up to the first random one; outside of training the random ones are left out', () => {
    const texts = [
      'Resize(32), RandomCrop(28)',
      'RandomHorizontalFlip()',
      'CenterCrop(20)',
      'ToTensor()',
      'Normalize()',
    ];
    const { before, training, evaluation } = planTransforms([...texts, 'RandomErasing()']);
    const names = (all: readonly { readonly text: string }[]) => all.map(({ text }) => text);
    expect(names(before)).toEqual(['Resize(32)']);
    expect(names(training)).toEqual(['RandomCrop(28)', 'RandomHorizontalFlip()', 'CenterCrop(20)']);
    expect(names(evaluation)).toEqual(['CenterCrop([28, 28])', 'CenterCrop(20)']);
  });
});

describe('for a data set', () => {
  const digits = generateDigits({ train: 40, test: 10 });

  it('change the data at once where nothing is random', async () => {
    const data = await withTransforms(digits, ['CenterCrop(20)', 'Grayscale(3)']);
    expect([data.train.shape, data.test?.shape]).toEqual([
      [3, 20, 20],
      [3, 20, 20],
    ]);
    expect(data.transforms?.changesTraining).toBe(false);
    const { images } = digits.train;
    expect(data.train.images[5 * 1200 + 800 + 21]).toBe(images[5 * 784 + 5 * 28 + 5]);
  });

  it('say the statistics of the training images', async () => {
    const { transforms, notes } = await withTransforms(digits, ['Normalize()']);
    const { images } = digits.train;
    const mean = images.reduce((sum, pixel) => sum + pixel, 0) / images.length / 255;
    const std = Math.sqrt(images.reduce((sum, pixel) => sum + (pixel / 255 - mean) ** 2, 0) / images.length);
    const text = `Normalize(mean=[${Number(mean.toFixed(4))}], std=[${Number(std.toFixed(4))}])`;
    expect(transforms?.texts).toEqual([text]);
    expect(notes).toContain(`transforms: ${text}`);
  });

  it.each([
    ['RandomCrop(40)', 'Required crop size 40×40 is larger than input image size 28×28'],
    [
      'RandomRotation(5), Resize(8), RandomErasing(), Pad(40, padding_mode="reflect")',
      'Pad: expected a padding',
    ],
    ['Normalize([1, 2, 3], [1, 1, 1])', 'Normalize: expected a number for grey images, found 3'],
  ])('%s that does not fit is refused', async (text, message) => {
    const failing = withTransforms(digits, [text]);
    await expect(failing).rejects.toBeInstanceOf(DataError);
    await expect(failing).rejects.toThrow(message);
  });

  it('are refused for rows of numbers', async () => {
    const rows = { ...digits.train, images: new Float32Array(80), shape: [2] };
    await expect(withTransforms({ ...digits, train: rows }, ['Normalize()'])).rejects.toThrow(
      'transforms are for images of 8 bits, its samples are rows of 2 numbers',
    );
  });
});

describe('random numbers', () => {
  const place = { generator: { seed: 7, offset: 500 }, position: 64 };
  const numbers = (generator: Generator) => Array.from({ length: 4 }, () => generator.uint32());

  it('of a sample depend on its place in the epoch alone', () => {
    const draws = new Draws();
    const first = numbers(draws.of(place, 3));
    numbers(draws.of(place, 4));
    expect(numbers(new Draws().of({ ...place, position: 60 }, 7))).toEqual(first);
    expect(numbers(draws.of({ ...place, position: 67 }, 0))).toEqual(first);
    expect(numbers(draws.of(place, 4))).not.toEqual(first);
    expect(numbers(draws.of({ ...place, generator: { seed: 7, offset: 501 } }, 3))).not.toEqual(first);
    expect(numbers(draws.of({ ...place, generator: { seed: 8, offset: 500 } }, 3))).not.toEqual(first);
  });

  it('of boxes and crops reach every place', () => {
    const [crop] = readTransforms('RandomCrop(2)');
    if (crop?.kind !== 'pixels') throw new Error('expected a crop');
    const image = { channels: 1, height: 3, width: 4, data: Uint8Array.from({ length: 12 }, (_, i) => i) };
    const draws = new Draws();
    const corners = Array.from({ length: 600 }, (_, i) => crop.apply(image, draws.of(place, i)).data[0]);
    const counts = [0, 1, 2, 4, 5, 6].map(corner => corners.filter(found => found === corner).length);
    expect(counts.reduce((a, b) => a + b)).toBe(600);
    for (const count of counts) expect(count).toBeGreaterThan(70);
  });
});
