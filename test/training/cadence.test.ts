import { expect, test } from 'vitest';
import { Cadence } from '../../src/training/cadence';

test('is due at once, then after the shortest interval, later the more it costs', () => {
  const cadence = new Cadence(0.02, 50);
  expect(cadence.due(0)).toBe(true);
  cadence.done(0.1, 0);
  expect([cadence.due(49), cadence.due(50)]).toEqual([false, true]);
  cadence.done(4, 50);
  expect([cadence.due(249), cadence.due(250)]).toEqual([false, true]);
  cadence.done(0.5, 250);
  expect([cadence.due(299), cadence.due(300)]).toEqual([false, true]);
});

test('costs no more than its share in the long run', () => {
  const cadence = new Cadence(0.02, 50);
  let now = 0;
  let cost = 0;
  while (now < 100_000) {
    if (cadence.due(now)) {
      const took = 1 + (now % 7);
      now += took;
      cost += took;
      cadence.done(took, now);
    }
    now += 10;
  }
  expect(cost / now).toBeLessThan(0.021);
  expect(cost / now).toBeGreaterThan(0.01);
});
