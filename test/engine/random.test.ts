/** The generator: its statistics, its state, and its first numbers, which must never change. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultGenerator,
  dropout,
  EngineError,
  Generator,
  manualSeed,
  ones,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
  zeros,
} from '../../src/engine';

const count = 200_000;

/** Σ (observed − expected)² / expected. */
function chiSquare(observed: readonly number[], expected: number): number {
  return observed.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}

/** Chi-square with k degrees of freedom is about normal with mean k and variance 2k. */
function expectUniform(observed: readonly number[], total: number): void {
  const freedom = observed.length - 1;
  const deviation = (chiSquare(observed, total / observed.length) - freedom) / Math.sqrt(2 * freedom);
  expect(Math.abs(deviation)).toBeLessThan(4);
}

function histogram(bins: number, draw: () => number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < count; i++) {
    const bin = draw();
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Mean, variance, skewness and kurtosis. */
function moments(data: readonly number[]): number[] {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const about = (power: number) => data.reduce((sum, x) => sum + (x - mean) ** power, 0) / data.length;
  const variance = about(2);
  return [mean, variance, about(3) / variance ** 1.5, about(4) / variance ** 2];
}

describe('numbers', () => {
  it.each([0, 1, 42, -1, 2 ** 40])(
    '32-bit numbers of seed %d fill all bins, high and low bits alike',
    seed => {
      const generator = new Generator(seed);
      expectUniform(
        histogram(256, () => generator.uint32() >>> 24),
        count,
      );
      expectUniform(
        histogram(256, () => generator.uint32() & 255),
        count,
      );
    },
  );

  it('neighbours are independent', () => {
    const generator = new Generator(3);
    let before = generator.uint32() >>> 28;
    const pairs = histogram(256, () => {
      const next = generator.uint32() >>> 28;
      const pair = before * 16 + next;
      before = next;
      return pair;
    });
    expectUniform(pairs, count);
  });

  it('neighbouring seeds are independent', () => {
    let seed = 0;
    expectUniform(
      histogram(64, () => new Generator(seed++).uint32() >>> 26),
      count,
    );
  });

  it('uniform numbers lie in [0, 1), are exact in float32, and have the moments of theirs', () => {
    const generator = new Generator(5);
    const data = Array.from({ length: count }, () => generator.uniform());
    expect(data.every(x => x >= 0 && x < 1 && Math.fround(x) === x)).toBe(true);
    // Every other one is odd in steps of 2⁻²⁴: no bit is wasted.
    expectUniform(
      [0, 1].map(bit => data.filter(x => (x * 2 ** 24) % 2 === bit).length),
      count,
    );
    const [mean = 0, variance = 0, skewness = 0, kurtosis = 0] = moments(data);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * count));
    expect(variance).toBeCloseTo(1 / 12, 3);
    expect(skewness).toBeCloseTo(0, 1);
    expect(kurtosis).toBeCloseTo(1.8, 1);
  });

  it('normal numbers have the moments and the tails of theirs', () => {
    const generator = new Generator(6);
    const data = Array.from({ length: count / 2 }, () => generator.normalPair()).flat();
    const [mean = 0, variance = 0, skewness = 0, kurtosis = 0] = moments(data);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(skewness).toBeCloseTo(0, 1);
    expect(kurtosis).toBeCloseTo(3, 1);
    const share = (limit: number) => data.filter(x => Math.abs(x) < limit).length / count;
    expect(share(1)).toBeCloseTo(0.6827, 2);
    expect(share(2)).toBeCloseTo(0.9545, 2);
    expect(share(3)).toBeCloseTo(0.9973, 3);
  });

  it('the two numbers of a pair are not correlated', () => {
    const generator = new Generator(8);
    const pairs = Array.from({ length: count / 2 }, () => generator.normalPair());
    const covariance = pairs.reduce((sum, [a, b]) => sum + a * b, 0) / pairs.length;
    expect(Math.abs(covariance)).toBeLessThan(4 / Math.sqrt(pairs.length));
  });

  it('integers are uniform over their range', () => {
    const generator = new Generator(7);
    expectUniform(
      histogram(10, () => generator.integer(-3, 7) + 3),
      count,
    );
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (low, span) => {
        const drawn = generator.integer(low, low + span);
        return drawn >= low && drawn < low + span && Number.isInteger(drawn);
      }),
    );
  });

  it('every order of four is as likely as any other', () => {
    const generator = new Generator(9);
    const seen = new Map<string, number>();
    for (let i = 0; i < count / 4; i++) {
      const order = generator.permutation(4).join();
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    expectUniform([...seen.values()], count / 4);
  });

  it('an order holds every number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer(), (n, seed) => {
        const order = [...new Generator(seed).permutation(n)].sort((a, b) => a - b);
        return order.every((x, i) => x === i) && order.length === n;
      }),
    );
  });
});

describe('state', () => {
  it('continues exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(100), (seed, skip) => {
        const generator = new Generator(seed);
        for (let i = 0; i < skip; i++) generator.uint32();
        const copy = new Generator().setState(JSON.parse(JSON.stringify(generator.getState())));
        return Array.from({ length: 5 }, () => generator.uint32() === copy.uint32()).every(Boolean);
      }),
    );
  });

  it('counts what was drawn', () => {
    const generator = new Generator(4);
    generator.uniform();
    generator.normalPair();
    generator.permutation(5);
    expect(generator.getState()).toEqual({ seed: 4, offset: 1 + 2 + 4 });
  });

  it('goes on far behind the first 2³² numbers', () => {
    const far = new Generator(1).setState({ seed: 1, offset: 2 ** 32 });
    const near = new Generator(1);
    const draw = (generator: Generator) => Array.from({ length: 4 }, () => generator.uint32());
    expect(draw(far)).not.toEqual(draw(near));
    expect(far.getState().offset).toBe(2 ** 32 + 4);
  });

  it('a seed starts anew, and seeds differ in all their bits', () => {
    const first = (seed: number) => new Generator(seed).uint32();
    const generator = new Generator(12);
    const start = generator.uint32();
    expect(generator.manualSeed(12).uint32()).toBe(start);
    const seeds = [0, 1, -1, 2, 2 ** 31, 2 ** 32, 2 ** 33, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(new Set(seeds.map(first)).size).toBe(seeds.length);
  });

  it('refuses what is no seed and no position', () => {
    expect(() => new Generator(0.5)).toThrow(RangeError);
    expect(() => new Generator().setState({ seed: 1, offset: -1 })).toThrow(RangeError);
    expect(() => new Generator().setState({ seed: Number.NaN, offset: 0 })).toThrow(RangeError);
  });

  it('the first numbers are what they have always been', () => {
    const generator = new Generator(42);
    expect(Array.from({ length: 4 }, () => generator.uint32())).toEqual([
      2727802196, 2942725941, 136481190, 1690431370,
    ]);
    expect([generator.uniform(), ...generator.normalPair()]).toEqual([
      0.3264198303222656, -0.2360767616615281, -0.11485683610959553,
    ]);
    expect([...generator.permutation(8)]).toEqual([6, 5, 4, 2, 0, 1, 7, 3]);
    expect(new Generator(-7).uint32()).toEqual(3387300559);
    expect(new Generator(2 ** 45 + 3).uint32()).toEqual(1962903716);
  });
});

describe('random tensors', () => {
  it('come from the default generator, or from the one that is given', async () => {
    manualSeed(1);
    const first = await rand([3]).tolist();
    manualSeed(1);
    expect(await rand([3]).tolist()).toEqual(first);
    expect(await rand([3], { generator: new Generator(1) }).tolist()).toEqual(first);
    expect(defaultGenerator.getState()).toEqual({ seed: 1, offset: 3 });
  });

  it('have the type and shape that is asked for', async () => {
    expect(rand([2, 3]).dtype).toBe('float32');
    expect(randn([0, 2], { dtype: 'float64' }).shape).toEqual([0, 2]);
    expect(randint(0, 5, [2]).dtype).toBe('int64');
    expect(randLike(zeros([2], { dtype: 'float64' })).dtype).toBe('float64');
    expect(randnLike(zeros([2, 1])).shape).toEqual([2, 1]);
    const dice = randintLike(zeros([50], { dtype: 'int32' }), 1, 7);
    expect(dice.dtype).toBe('int32');
    expect(new Set(Array.from(await dice.data(), Number))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(randn([2], { requiresGrad: true }).requiresGrad).toBe(true);
    const order = await randperm(20, { generator: new Generator(2) }).tolist();
    expect(new Set(Array.isArray(order) ? order : []).size).toBe(20);
    const drawn = Array.from(await randint(-2, 3, [1000]).data(), Number);
    expect(new Set(drawn)).toEqual(new Set([-2, -1, 0, 1, 2]));
  });

  it('an odd number of normal numbers does not disturb the next', async () => {
    const generator = new Generator(3);
    await randn([3], { generator }).tolist();
    expect(generator.getState().offset).toBe(4);
  });

  it('refuse integers where only fractions make sense', () => {
    expect(() => rand([2], { dtype: 'int64' })).toThrow(EngineError);
    expect(() => randn([2], { dtype: 'uint8' })).toThrow(EngineError);
    expect(() => randint(3, 3, [2])).toThrow("random_ expects 'from' to be less than 'to'");
  });
});

describe('dropout', () => {
  it('keeps the expected value and drops the share that is asked for', async () => {
    const data = Array.from(await dropout(ones([count / 10]), 0.3, true, new Generator(1)).data(), Number);
    const kept = data.filter(x => x !== 0);
    expect(kept.every(x => Math.abs(x - 1 / 0.7) < 1e-6)).toBe(true);
    expect(kept.length / data.length).toBeCloseTo(0.7, 1);
  });

  it('does nothing in evaluation, and passes gradients through what it kept', async () => {
    const x = ones([6], { requiresGrad: true });
    expect(dropout(x, 0.5, false)).toBe(x);
    const y = dropout(x, 0.5, true, new Generator(4));
    y.sum().backward();
    expect(await x.grad?.tolist()).toEqual(await y.tolist());
  });

  it('refuses what is no probability', () => {
    expect(() => dropout(ones([2]), 1.5)).toThrow(
      'dropout probability has to be between 0 and 1, but got 1.5',
    );
  });
});
