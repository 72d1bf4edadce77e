/** Classes that become others. */
import { expect, it } from 'vitest';
import { generateDigits } from '../../../src/data/digits';
import { withTargets } from '../../../src/data/transforms/targets';

const digits = generateDigits({ train: 50, test: 20 });

it('labels become those of the new classes, and a class that is not named stays', () => {
  const data = withTargets(digits, { even: ['0', '2', '4', '6', '8'], one: ['1'] });
  expect(data.classes).toEqual(['even', 'one', '3', '5', '7', '9']);
  const names = (split: typeof data.train, classes: readonly string[]) =>
    Array.from(split.labels, label => classes[label] ?? '');
  const expected = names(digits.train, digits.classes).map(name =>
    Number(name) % 2 === 0 ? 'even' : name === '1' ? 'one' : name,
  );
  expect(names(data.train, data.classes)).toEqual(expected);
  expect(data.test?.labels).toHaveLength(20);
  expect(data.fingerprint).toBe(digits.fingerprint);
});

it.each([
  [{ even: ['0', 'zwei'] }, 'there is no class “zwei” among 0, 1, 2, 3, 4, 5, 6, 7, 8, 9'],
  [{ a: ['1'], b: ['1'] }, 'the class “1” is to become two classes'],
  [{ all: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] }, 'all classes become “all”'],
])('%j is refused', (target, message) => {
  expect(() => withTargets(digits, target)).toThrow(message);
});

it('nothing is done where nothing is named', () => expect(withTargets(digits, {})).toBe(digits));
