import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/protocol/dashboard';
import { differences, matches, runNames } from '../../webview/dashboard/run-names';

let count = 0;

function run(changes: Partial<RunSummary>): RunSummary {
  return {
    id: `run-${++count}`,
    name: null,
    state: 'finished',
    created: '2020-03-04T05:06:00.000Z',
    model: 'mnist-mlp 784-256-10',
    dataset: 'mnist',
    device: 'cpu',
    epochs: 5,
    settings: { optimizer: 'sgd', lr: 0.05, momentum: 0.9, batchSize: 64, seed: 0 },
    testAccuracy: null,
    error: null,
    ...changes,
  };
}

const adam = { optimizer: 'adam', lr: 0.001, momentum: 0, batchSize: 64, seed: 0 };

function names(...runs: RunSummary[]): string[] {
  return [...runNames(runs).values()];
}

describe('the name of a run beside others', () => {
  it('says in what they differ, and nothing else', () => {
    expect(names(run({}), run({ settings: adam }))).toEqual(['sgd, lr 0.05', 'adam, lr 0.001']);
    expect(names(run({ model: 'mlp 4-2' }), run({ model: 'mlp 4-3', dataset: 'fashion' }))).toEqual([
      'mnist, mlp 4-2',
      'fashion, mlp 4-3',
    ]);
    expect(names(run({ epochs: 3 }), run({ epochs: 20 }), run({ epochs: 4, settings: {} }))).toEqual([
      '3 epochs',
      '20 epochs',
      '4 epochs',
    ]);
  });

  it('says no more than is needed where all would be too long to be read', () => {
    const settings = (lr: number, more: object = {}) => ({
      ...{ optimizer: 'sgd', lr, momentum: 0.9, batchSize: 64, seed: 0 },
      ...more,
    });
    const found = names(
      run({ model: 'mnist-mlp 784-256-10', epochs: 1, settings: settings(0.1) }),
      run({ model: 'mnist-mlp 784-128-128-128-128-10', epochs: 1, settings: settings(0.1) }),
      run({ model: 'mnist-mlp 784-512-10', epochs: 5, settings: settings(0.01, { batchSize: 32 }) }),
      run({ model: 'mnist-mlp 784-512-10', epochs: 5, settings: settings(0.001, { batchSize: 32 }) }),
    );
    expect(new Set(found).size).toBe(4);
    expect(found[1]).toBe('784-128-128-128-128-10, lr 0.1');
    expect(names(run({ epochs: 1 }), run({ epochs: 2 }))).toEqual(['1 epoch', '2 epochs']);
  });

  it('is when it began where they differ in nothing, and is never that of another one', () => {
    const [first = '', second = ''] = names(run({}), run({ created: '2020-03-05T05:06:00.000Z' }));
    expect(first).toMatch(/\b4\b/);
    expect(second).toMatch(/\b5\b/);
    const same = names(run({ id: 'x' }), run({ id: 'y' }), run({ settings: adam }));
    expect(new Set(same).size).toBe(3);
    expect(same[0]).toMatch(/^sgd, lr 0\.05, .*, x$/);
    expect(same[2]).toBe('adam, lr 0.001');
  });

  it('is what a person has called it', () => {
    expect(names(run({ name: 'baseline' }), run({ settings: adam }))).toEqual(['baseline', 'adam, lr 0.001']);
  });
});

describe('looking for runs', () => {
  it('finds those of which every word is known', () => {
    const runs = [
      run({ name: 'baseline' }),
      run({ settings: adam, state: 'failed' }),
      run({ dataset: 'fashion' }),
    ];
    const apart = differences(runs);
    const found = (words: string) =>
      runs.flatMap((each, i) => (matches(each, apart.get(each.id) ?? '', words) ? [i] : []));
    expect(found('')).toEqual([0, 1, 2]);
    expect(found('Base')).toEqual([0]);
    expect(found('adam 0.001')).toEqual([1]);
    expect(found('failed')).toEqual([1]);
    expect(found('sgd fashion')).toEqual([2]);
    expect(found('adam fashion')).toEqual([]);
  });
});
