/** Which tensors of two files belong together. */
import { expect, it } from 'vitest';
import {
  changedValues,
  dict,
  openCheckpoint,
  pairTensors,
  type StoredTensor,
  stateDict,
  writeCheckpoint,
} from '../../src/checkpoint';

const tensor = (...shape: number[]): StoredTensor => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

async function fileOf(value: Parameters<typeof writeCheckpoint>[0]) {
  return openCheckpoint({ bytes: writeCheckpoint(value), name: 'file.pt' });
}

async function pairsOf(...values: Parameters<typeof writeCheckpoint>[0][]) {
  const [before, after] = await Promise.all(values.map(fileOf));
  const { pairs, aligned } = pairTensors(before?.tensors ?? [], after?.tensors ?? []);
  return { aligned, pairs: pairs.map(({ path, kind }) => `${path.join('.')} ${kind}`) };
}

it('tells what is there in both, has another shape, is gone, and is new', async () => {
  const before = stateDict({ 'a.weight': tensor(2, 3), 'b.weight': tensor(4), 'c.weight': tensor(1) });
  const after = stateDict({ 'a.weight': tensor(2, 3), 'b.weight': tensor(5), 'd.weight': tensor(1) });
  expect(await pairsOf(before, after)).toEqual({
    aligned: null,
    pairs: ['a.weight both', 'b.weight reshaped', 'c.weight removed', 'd.weight added'],
  });
});

it('lays a network over the same one that lies deeper, whichever file it is', async () => {
  const net = () => stateDict({ 'fc.weight': tensor(2, 2), 'fc.bias': tensor(2) });
  const whole = dict({ model_state_dict: net(), optimizer: dict({ momentum: tensor(2, 2) }) });
  expect(await pairsOf(net(), whole)).toEqual({
    aligned: 'all of the first file with model_state_dict of the second file',
    pairs: ['fc.weight both', 'fc.bias both', 'optimizer.momentum added'],
  });
  expect(await pairsOf(whole, net())).toMatchObject({
    pairs: ['fc.weight both', 'fc.bias both', 'optimizer.momentum removed'],
  });
});

it('gives every pair a place of its own', async () => {
  const before = dict({ net: stateDict({ w: tensor(1), v: tensor(1) }), w: tensor(7) });
  const { pairs } = await pairsOf(before, stateDict({ w: tensor(1), v: tensor(1) }));
  expect(new Set(pairs).size).toBe(3);
});

it('numbers what has one path, however often', () => {
  const same = {
    path: ['w'],
    dtype: 'float32',
    shape: [1],
    elements: 1,
    bytes: 4,
    role: 'parameter',
  } as const;
  const before = Array.from({ length: 30_000 }, (_, i) => ({ ...same, name: `w${i}` }));
  const { pairs } = pairTensors(before, []);
  expect([pairs[0], pairs[1], pairs.at(-1)].map(pair => pair?.path)).toEqual([
    ['w'],
    ['w (2)'],
    ['w (30000)'],
  ]);
});

it('has nothing in common with a file of other names', async () => {
  const found = await pairsOf(stateDict({ a: tensor(1) }), stateDict({ b: tensor(1) }));
  expect(found).toEqual({ aligned: null, pairs: ['a removed', 'b added'] });
});

it('finds other values that differ', async () => {
  const at = (epoch: number, lr: number) =>
    fileOf(dict({ model: stateDict({ w: tensor(1) }), epoch: BigInt(epoch), opt: dict({ lr }), same: 1.5 }));
  expect(changedValues(await at(3, 0.1), await at(5, 0.01))).toEqual([
    { name: 'epoch', before: '3', after: '5' },
    { name: 'opt.lr', before: '0.1', after: '0.01' },
  ]);
});
