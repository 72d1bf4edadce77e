/** Attention to keys and values that have a size of their own, against PyTorch. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compute, nn, type Tensor } from '../../src/engine';
import { onBothExecutors } from './executors';
import { difference, golden, leaf, readGolden } from './golden';
import { camelCase } from './translate';

const options = z.object({
  kdim: z.number().optional(),
  vdim: z.number().optional(),
  bias: z.boolean().optional(),
  batchFirst: z.boolean().optional(),
});

const cases = readGolden(
  'attention',
  z.array(
    z.object({
      module: z.tuple([
        z.literal('MultiheadAttention'),
        z.tuple([z.number(), z.number()]),
        z.record(z.string(), z.unknown()),
      ]),
      state: z.array(z.tuple([z.string(), golden])),
      inputs: z.tuple([golden, golden, golden]),
      output: golden,
      weights: golden,
      upstream: golden,
      grads: z.array(golden),
    }),
  ),
);

onBothExecutors(() => {
  describe('attention to other sizes', () => {
    for (const given of cases) {
      const [, sizes, named] = given.module;
      it(JSON.stringify(named), async () => {
        const settings = Object.entries(named).map(([key, value]) => [camelCase(key), value]);
        const { kdim, vdim, ...more } = options.parse(Object.fromEntries(settings));
        const module = new nn.MultiheadAttention(...sizes, {
          ...(kdim !== undefined && { kdim }),
          ...(vdim !== undefined && { vdim }),
          bias: more.bias ?? true,
          batchFirst: more.batchFirst ?? false,
        });
        expect([...module.stateDict().keys()]).toEqual(given.state.map(([name]) => name));
        module.loadStateDict(new Map(given.state.map(([name, tensor]) => [name, leaf(tensor)])));
        const [query, key, value] = given.inputs;
        const inputs: [Tensor, Tensor, Tensor] = [leaf(query, true), leaf(key, true), leaf(value, true)];
        const [output, weights] = module.call(...inputs);
        output.backward(leaf(given.upstream));
        const grads = [...inputs, ...module.parameters()].map(({ grad }) => grad);
        await compute(output, ...grads.filter(grad => grad !== undefined));
        expect(await difference(output, given.output)).toBeUndefined();
        expect(await difference(weights, given.weights)).toBeUndefined();
        for (const [i, grad] of given.grads.entries()) {
          expect(await difference(grads[i], grad), String(i)).toBeUndefined();
        }
      });
    }
  });
});
