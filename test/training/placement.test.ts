/** Which operations fall back to the CPU: the examples lead to all of them, and ONNX Runtime says where each ran. */
import { describe, expect, it } from 'vitest';
import { compute, operations } from '../../src/engine';
import type { Expr } from '../../src/engine/expr';
import { examples, givenOn, resultsOf, valueShaped } from '../../src/training/placement/examples';
import { placements } from '../../src/training/placement/placement';
import { findGpu } from '../engine/software-gpu';

const missing = await findGpu();

describe('the examples', () => {
  const given = givenOn('cpu');
  const results = [...examples, ...Object.values(valueShaped)].flatMap(example => resultsOf(example, given));

  it('lead to every operation', () => {
    const used = new Set<string>();
    const seen = new Set<Expr>();
    const stack = results.map(({ expr }) => expr);
    for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
      if (seen.has(expr)) continue;
      seen.add(expr);
      if (expr.op !== undefined) used.add(expr.op.name);
      stack.push(...expr.inputs);
    }
    const all = [...operations().values()].filter(
      ({ onHost, name }) => onHost !== true && name !== 'to_device',
    );
    expect(all.map(({ name }) => name).filter(name => !used.has(name))).toEqual([]);
  });

  it('can be computed', async () => {
    await compute(...results);
    for (const result of results) expect(await result.data()).toHaveLength(result.numel());
  }, 30_000);
});

it('on the CPU nothing falls back', async () => {
  const found = await placements('cpu');
  expect(found.filter(({ where }) => where === 'partly' || where === 'cpu')).toEqual([]);
  expect(found.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(found.find(({ operation }) => operation === 'linalg_inv')?.where).toBe('host');
  expect(found.find(({ operation }) => operation === 'convolution')?.where).toBe('device');
}, 60_000);

it.skipIf(missing !== undefined)(
  'on a GPU what falls back is named',
  async () => {
    const found = new Map((await placements('webgpu')).map(one => [one.operation, one]));
    expect([...found.values()].filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(found.get('tanh')).toEqual({ operation: 'tanh', where: 'device', onCpu: [] });
    expect(found.get('fmod')).toMatchObject({ where: 'cpu', onCpu: ['Mod'] });
  },
  300_000,
);
