/**
 * The classes of the data sets that come as IDX files: their labels are numbers, and what the numbers stand
 * for is written in no file. Orders and spellings are torchvision's.
 */

const DIGITS = [...'0123456789'];
const UPPER = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const LOWER = [...'abcdefghijklmnopqrstuvwxyz'];
/** EMNIST's letters whose two cases look different enough to be two classes. */
const BOTH_CASES = [...'abdefghnqrt'];

const FASHION = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];
const KUZUSHIJI = ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'];

const EMNIST: ReadonlyMap<string, readonly string[]> = new Map([
  ['byclass', [...DIGITS, ...UPPER, ...LOWER]],
  ['bymerge', [...DIGITS, ...UPPER, ...BOTH_CASES]],
  ['balanced', [...DIGITS, ...UPPER, ...BOTH_CASES]],
  // The labels of this one begin at 1.
  ['letters', ['N/A', ...LOWER]],
  ['digits', DIGITS],
  ['mnist', DIGITS],
]);

/**
 * The class names of an IDX data set, or `undefined` where its labels have to tell how many there are.
 * @param folder the folder's name. MNIST's relatives use MNIST's file names, so only it tells them apart.
 * @param prefix what stands before `train-images…` in the file names: '' for MNIST, `emnist-letters`.
 */
export function knownClasses(folder: string, prefix: string): readonly string[] | undefined {
  if (prefix === '') {
    if (/fashion/i.test(folder)) return FASHION;
    return /kmnist|kuzushiji/i.test(folder) ? KUZUSHIJI : DIGITS;
  }
  return EMNIST.get(/^emnist-(\w+)$/i.exec(prefix)?.[1]?.toLowerCase() ?? '');
}
