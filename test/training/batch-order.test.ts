import { describe, expect, test } from 'vitest';
import { Generator } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { drawOrder } from '../../src/training/draw-order';

const indices = Int32Array.from({ length: 20 }, (_, i) => 100 + i);

function take(order: BatchOrder, count: number): number[] {
  const target = new Int32Array(count + 2);
  order.next(target, 1, count);
  expect([target[0], target[count + 1]]).toEqual([0, 0]);
  return [...target.subarray(1, count + 1)];
}

function epoch(order: BatchOrder): number[] {
  order.startEpoch();
  return take(order, order.left);
}

describe('BatchOrder', () => {
  test('goes through every sample once an epoch, each time in another order', () => {
    const order = new BatchOrder(indices, new Generator(1));
    const [first, second] = [epoch(order), epoch(order)];
    expect(first.toSorted((a, b) => a - b)).toEqual([...indices]);
    expect(second.toSorted((a, b) => a - b)).toEqual([...indices]);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual([...indices]);
    expect(order.left).toBe(0);
  });

  test('the seed decides', () => {
    const [a, b, c] = [1, 1, 2].map(seed => epoch(new BatchOrder(indices, new Generator(seed))));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test.each([0, 1, 7, 20])('goes on from a place after %i samples, also in the next epoch', position => {
    const generator = new Generator(5);
    const order = new BatchOrder(indices, generator);
    epoch(order);
    order.startEpoch();
    take(order, position);
    const saved = { order: order.getState(), generator: generator.getState() };
    const rest = [...take(order, order.left), ...epoch(order)];

    const other = new Generator(99);
    const resumed = new BatchOrder(indices, other);
    resumed.setState(saved.order, saved.generator);
    // Where nothing was handed out, the epoch is begun anew.
    if (resumed.left === 0 && position === 0) resumed.startEpoch();
    expect(resumed.left).toBe(20 - position);
    expect([...take(resumed, resumed.left), ...epoch(resumed)]).toEqual(rest);
    expect(other.getState()).toEqual(generator.getState());
  });

  test('goes on from before the first epoch', () => {
    const generator = new Generator(5);
    const order = new BatchOrder(indices, generator);
    const saved = { order: order.getState(), generator: generator.getState() };
    const resumed = new BatchOrder(indices, new Generator(99));
    resumed.setState(saved.order, saved.generator);
    expect(resumed.getState()).toEqual(saved.order);
    expect(resumed.left).toBe(0);
    expect([...epoch(resumed), ...epoch(resumed)]).toEqual([...epoch(order), ...epoch(order)]);
  });
});

describe('an order that is drawn otherwise', () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i < 50 ? 1 : 0));
  const rows = Int32Array.from(labels.keys());
  const epoch = (name: 'weighted' | 'sequential') => {
    const order = new BatchOrder(rows, new Generator(1), drawOrder(name, labels, rows));
    order.startEpoch();
    return [...order.upcoming(1000)];
  };

  test('is that of the data, or has all classes equally often', () => {
    expect(epoch('sequential')).toEqual([...rows]);
    const rare = epoch('weighted').filter(row => row < 50).length;
    expect(rare).toBeGreaterThan(430);
    expect(rare).toBeLessThan(570);
  });

  test('goes on where it was saved', () => {
    const order = new BatchOrder(rows, new Generator(1), drawOrder('weighted', labels, rows));
    order.startEpoch();
    order.next(new Int32Array(100), 0, 100);
    const [state, generator] = [order.getState(), new Generator(1)];
    const other = new BatchOrder(rows, generator, drawOrder('weighted', labels, rows));
    other.setState(state, state.generator);
    expect(other.upcoming(900)).toEqual(order.upcoming(900));
  });
});
