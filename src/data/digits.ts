/**
 * Generated digits: a data set that is always there, with no download, and behaves as MNIST does. Every
 * image is drawn from the strokes of a hand, so that a network has something to learn and something to get
 * wrong. The same seed gives the same bytes.
 */
import { Generator } from '../engine/random/generator';
import { newPath, write } from './digit-pen';
import { DIGIT_SHAPES } from './digit-shapes';
import { render } from './digit-sheet';
import { type ByteData, type ByteSplit, fingerprintOf } from './image-data';

/** Which digits to generate. */
export interface DigitsOptions {
  /** Any integer; 0 unless told. */
  readonly seed?: number;
  /** The number of training images; 12,000 unless told. */
  readonly train?: number;
  /** The number of test images; 2,000 unless told. None at 0. */
  readonly test?: number;
}

/** What the options are where nothing is told. */
export const DIGITS_DEFAULTS = { seed: 0, train: 12_000, test: 2_000 } as const;

/** The name of the generated data set. */
export const DIGITS_NAME = 'generated digits';

/** The names of its classes. */
export const DIGIT_CLASSES: readonly string[] = DIGIT_SHAPES.map((_, digit) => String(digit));

/** Width and height in pixels. */
const SIZE = 28;
/** Where the test images begin on the generator's tape: beyond the end of any training set. */
const TEST_OFFSET = 2 ** 48;

/** Draws the digits. The test images are the same whatever the number of training images. */
export function generateDigits(options: DigitsOptions = {}): ByteData {
  const { seed, train: trainLength, test: testLength } = { ...DIGITS_DEFAULTS, ...options };
  const train = draw(trainLength, new Generator(seed));
  const test = testLength === 0 ? undefined : draw(testLength, testGenerator(seed));
  return { name: DIGITS_NAME, train, test, classes: DIGIT_CLASSES, fingerprint: fingerprintOf(train, test) };
}

function testGenerator(seed: number): Generator {
  return new Generator(seed).setState({ seed, offset: TEST_OFFSET });
}

/** Draws one part: as many images of each digit, as near as can be, in random order. */
function draw(length: number, random: Generator): ByteSplit {
  const images = new Uint8Array(length * SIZE * SIZE);
  const labels = Uint8Array.from(random.permutation(length), i => i % DIGIT_SHAPES.length);
  const path = newPath();
  for (const [i, digit] of labels.entries()) {
    const hands = DIGIT_SHAPES[digit] ?? [];
    const glyph = hands[random.integer(0, hands.length)] ?? [];
    write(glyph, SIZE, random, path);
    render(path, SIZE, random, images.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE));
  }
  return { images, shape: [SIZE, SIZE], labels, length };
}
