/** Samplers: what they give, that they give it anew each time, and that they can be continued. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BatchSampler,
  RandomSampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from '../../src/data/sampler';
import { Generator } from '../../src/engine/random/generator';

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('SequentialSampler', () => {
  it('counts up, each time', () => {
    const sampler = new SequentialSampler({ length: 4 });
    expect([[...sampler], [...sampler], sampler.length]).toEqual([[0, 1, 2, 3], [0, 1, 2, 3], 4]);
  });
});

describe('RandomSampler', () => {
  it('gives every index once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (length, seed) => {
        const sampler = new RandomSampler({ length }, { generator: new Generator(seed) });
        expect(sorted(sampler)).toEqual(upTo(length));
        expect(sampler.length).toBe(length);
      }),
    );
  });

  it('takes a new order each time, and the same ones for the same seed', () => {
    const epochs = (seed: number) => {
      const sampler = new RandomSampler({ length: 50 }, { generator: new Generator(seed) });
      return [[...sampler], [...sampler], [...sampler]];
    };
    const [first, second, third] = epochs(5);
    expect(first).not.toEqual(second);
    expect(second).not.toEqual(third);
    expect(epochs(5)).toEqual([first, second, third]);
    expect(epochs(6)[0]).not.toEqual(first);
  });

  it('continues from a saved state as if it had not been interrupted', () => {
    const generator = new Generator(5);
    const sampler = new RandomSampler({ length: 50 }, { generator });
    void [...sampler];
    const state = generator.getState();
    const next = [...sampler];
    const resumed = new Generator(0).setState(state);
    expect([...new RandomSampler({ length: 50 }, { generator: resumed })]).toEqual(next);
  });

  it('draws the whole order when it begins, so that the state is that of the next epoch', () => {
    for (const replacement of [false, true]) {
      const generator = new Generator(5);
      const sampler = new RandomSampler({ length: 9 }, { generator, replacement });
      const iterator = sampler[Symbol.iterator]();
      iterator.next();
      const early = generator.getState();
      while (!iterator.next().done);
      expect(generator.getState()).toEqual(early);
    }
  });

  it('draws with replacement', () => {
    const options = { replacement: true, numSamples: 3000, generator: new Generator(1) };
    const drawn = [...new RandomSampler({ length: 3 }, options)];
    expect(drawn).toHaveLength(3000);
    // Three standard deviations around a third are 77.
    for (const i of [0, 1, 2]) expect(Math.abs(drawn.filter(j => j === i).length - 1000)).toBeLessThan(90);
  });

  it('draws fewer, or more than there are in whole rounds, without replacement', () => {
    const few = [...new RandomSampler({ length: 100 }, { numSamples: 10, generator: new Generator(1) })];
    expect(new Set(few).size).toBe(10);
    expect(Math.max(...few)).toBeGreaterThan(10);
    const many = [...new RandomSampler({ length: 4 }, { numSamples: 10, generator: new Generator(1) })];
    expect(many).toHaveLength(10);
    expect([sorted(many.slice(0, 4)), sorted(many.slice(4, 8))]).toEqual([upTo(4), upTo(4)]);
    expect(new Set(many.slice(8)).size).toBe(2);
  });

  it('refuses to draw nothing', () => {
    const message = 'numSamples should be a positive integer value, but got numSamples=0';
    expect(() => new RandomSampler({ length: 0 })).toThrow(message);
    expect(() => new RandomSampler({ length: 5 }, { numSamples: 0 })).toThrow(message);
  });
});

describe('SubsetRandomSampler', () => {
  it('gives its indices in a new order each time', () => {
    const indices = upTo(30).map(i => 3 * i);
    const sampler = new SubsetRandomSampler(indices, new Generator(2));
    const [first, second] = [[...sampler], [...sampler]];
    expect(sampler.length).toBe(30);
    expect([sorted(first), sorted(second)]).toEqual([indices, indices]);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(indices);
  });
});

describe('BatchSampler', () => {
  it('cuts another sampler into lists', () => {
    const seven = new SequentialSampler({ length: 7 });
    expect([...new BatchSampler(seven, 3, false)]).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect([...new BatchSampler(seven, 3, true)]).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect([...new BatchSampler(new SequentialSampler({ length: 0 }), 3, false)]).toEqual([]);
  });

  it('knows how many it gives', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 60 }), fc.boolean(), (length, size, dropLast) => {
        const sampler = new BatchSampler(new SequentialSampler({ length }), size, dropLast);
        expect([...sampler]).toHaveLength(sampler.length);
        if (!dropLast) expect([...sampler].flat()).toEqual(upTo(length));
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses batches of %s', batchSize => {
    expect(() => new BatchSampler(new SequentialSampler({ length: 7 }), batchSize, false)).toThrow(
      `batchSize should be a positive integer value, but got batchSize=${batchSize}`,
    );
  });
});

describe('WeightedRandomSampler', () => {
  const weights = [0, 1, 0.5, 0, 2.5];
  it('draws in proportion to the weights, and never what weighs nothing', () => {
    const sampler = new WeightedRandomSampler(weights, 40_000, { generator: new Generator(3) });
    const counts = [0, 0, 0, 0, 0];
    for (const index of sampler) counts[index] = (counts[index] ?? 0) + 1;
    expect([counts[0], counts[3]]).toEqual([0, 0]);
    // Four standard deviations of the shares 1/4, 1/8 and 5/8.
    for (const [index, share] of [
      [1, 0.25],
      [2, 0.125],
      [4, 0.625],
    ] as const) {
      expect(Math.abs((counts[index] ?? 0) / 40_000 - share)).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / 40_000),
      );
    }
  });

  it('draws each once without replacement, the heavy ones first as a rule', () => {
    const firsts = Array.from({ length: 400 }, (_, seed) => {
      const drawn = [
        ...new WeightedRandomSampler(weights, 3, { replacement: false, generator: new Generator(seed) }),
      ];
      expect(sorted(drawn)).toEqual([1, 2, 4]);
      return drawn[0];
    });
    const share = firsts.filter(first => first === 4).length / 400;
    expect(Math.abs(share - 0.625)).toBeLessThan(0.1);
  });

  it('draws the same for the same seed, and refuses what torch refuses', () => {
    const draw = (seed: number) => [
      ...new WeightedRandomSampler([1, 2, 3], 20, { generator: new Generator(seed) }),
    ];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(() => new WeightedRandomSampler([1, -1], 2)).toThrow('element < 0');
    expect(() => new WeightedRandomSampler([0, 0], 2)).toThrow('`inf`, `nan`');
    expect(() => new WeightedRandomSampler([0, 1], 2, { replacement: false })).toThrow('n_sample');
  });
});
