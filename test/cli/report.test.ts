import { expect, test } from 'vitest';
import { duration, grouped, lossText, percent } from '../../src/cli/report';
import { quoted } from '../../src/cli/training-display';
import { messageOf } from '../../src/training';

test('figures as a person reads them', () => {
  expect([0.975349, 1, 0].map(percent)).toEqual(['97.53 %', '100.00 %', '0.00 %']);
  expect([0, 2.34567, 999.9999, 123456, 7.5e26].map(lossText)).toEqual([
    '0.0000',
    '2.3457',
    '999.9999',
    '1.2e+5',
    '7.5e+26',
  ]);
  expect([0.04, 59.94, 59.96, 119.6, 3599.4, 3600, 7325].map(duration)).toEqual([
    '0.0 s',
    '59.9 s',
    '1 min 0 s',
    '2 min 0 s',
    '59 min 59 s',
    '1 h 0 min',
    '2 h 2 min',
  ]);
  expect(grouped(203530)).toBe('203,530');
});

test('a path as it can be pasted into a shell', () => {
  expect(quoted('runs/2026-11-22_mnist-mlp')).toBe('runs/2026-11-22_mnist-mlp');
  expect(quoted("my runs/it's")).toBe("'my runs/it'\\''s'");
});

test('a message is one line, whatever was thrown', () => {
  expect(messageOf(new Error('a\nb'))).toBe('a');
  expect(messageOf(new Error('\n  \na\tb\u001b[31m'))).toBe('a b [31m');
  expect(messageOf('text')).toBe('text');
  expect(messageOf(undefined)).toBe('undefined');
  expect(messageOf(new TypeError(''))).toBe('TypeError');
});
