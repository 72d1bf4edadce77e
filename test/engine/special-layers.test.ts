/** Layers that look vectors up, and layers with a normalised weight, against PyTorch. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compute, nn, zeros } from '../../src/engine';
import { onBothExecutors } from './executors';
import { chainOf, difference, golden, leaf, readGolden } from './golden';
import { camelCase } from './translate';

const namedTensors = z.array(z.tuple([z.string(), golden]));

const cases = readGolden(
  'special-layers',
  z.array(
    z.object({
      module: z.tuple([z.string(), z.array(z.number())]).rest(z.record(z.string(), z.unknown())),
      normalised: z.object({ dim: z.number().nullable() }).optional(),
      repr: z.string(),
      state: namedTensors,
      input: golden,
      output: golden,
      chain: z.string(),
      upstream: golden,
      grads: namedTensors,
      after: namedTensors,
    }),
  ),
);

function build({ module: [kind, args, options = {}], normalised }: (typeof cases)[number]): nn.Module {
  const settings = Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
  const found: unknown = Reflect.get(nn, kind);
  if (typeof found !== 'function') throw new Error(`there is no nn.${kind}`);
  const module: unknown = Reflect.construct(found, [...args, settings]);
  if (!(module instanceof nn.Module)) throw new Error(`nn.${kind} is no module`);
  return normalised === undefined ? module : nn.weightNorm(module, 'weight', normalised.dim);
}

onBothExecutors(() => {
  describe('special layers', () => {
    for (const given of cases) {
      it(`${given.repr} ${JSON.stringify(given.normalised ?? '')}`, async () => {
        const module = build(given);
        expect(module.toString()).toBe(given.repr);
        expect([...module.stateDict().keys()]).toEqual(given.state.map(([name]) => name));
        module.loadStateDict(new Map(given.state.map(([name, tensor]) => [name, leaf(tensor)])));
        const differentiable = given.input.dtype === 'float32';
        const input = leaf(given.input, differentiable);
        const output = module.call(input);
        expect(chainOf(output, [input, ...module.parameters()])).toBe(given.chain);
        output.backward(leaf(given.upstream));
        const grads = new Map(differentiable ? [['input', input.grad]] : []);
        for (const [name, parameter] of module.namedParameters()) grads.set(name, parameter.grad);
        await compute(output, ...[...grads.values()].filter(grad => grad !== undefined));
        expect(await difference(output, given.output)).toBeUndefined();
        for (const [name, grad] of given.grads) {
          expect(await difference(grads.get(name), grad), name).toBeUndefined();
        }
        for (const [name, tensor] of given.after) {
          expect(await difference(module.stateDict().get(name), tensor), name).toBeUndefined();
        }
      });
    }
  });
});

describe('weightNorm', () => {
  it('keeps what the layer computes, and can be taken away again', async () => {
    const layer = new nn.Linear(3, 2);
    const before = await layer.weight.tolist();
    nn.weightNorm(layer);
    expect([...layer.stateDict().keys()]).toEqual(['bias', 'weight_g', 'weight_v']);
    nn.removeWeightNorm(layer);
    expect(layer.namedParameters().map(([name]) => name)).toEqual(['bias', 'weight']);
    const after = await layer.weight.tolist();
    expect(JSON.stringify(after).length).toBeGreaterThan(10);
    for (const [i, row] of (Array.isArray(after) ? after : []).entries()) {
      for (const [j, x] of (Array.isArray(row) ? row : []).entries()) {
        const old = Array.isArray(before) && Array.isArray(before[i]) ? before[i][j] : undefined;
        expect(Number(x)).toBeCloseTo(Number(old), 6);
      }
    }
    expect(() => nn.removeWeightNorm(layer)).toThrow("weight_norm of 'weight' not found in Linear");
    expect(layer.call(zeros([1, 3])).shape).toEqual([1, 2]);
  });
});

describe('Embedding', () => {
  it('begins with zeros in the row of the padding', async () => {
    const rows = await new nn.Embedding(3, 2, { paddingIdx: -1 }).weight.tolist();
    expect(Array.isArray(rows) && rows[2]).toEqual([0, 0]);
    expect(() => new nn.Embedding(3, 2, { paddingIdx: 3 })).toThrow(
      'Padding_idx must be within num_embeddings',
    );
  });
});
