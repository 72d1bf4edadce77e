/** Modules that take or give several tensors, and activations, against PyTorch: results, gradients, state, print. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compute, type nn, type Tensor } from '../../src/engine';
import { onBothExecutors } from './executors';
import { difference, type Golden, golden, leaf, readGolden } from './golden';
import { callModule, construct, tensorsIn, withOptions } from './modules';
import { camelCase } from './translate';

const layerCase = z.object({
  module: z.tuple([z.string(), z.array(z.unknown())]).rest(z.record(z.string(), z.unknown())),
  training: z.boolean(),
  repr: z.string(),
  state: z.array(z.tuple([z.string(), golden])),
  inputs: z.array(z.union([golden, z.array(golden)])),
  call: z.record(z.string(), z.union([z.boolean(), golden])),
  outputs: z.array(golden),
  upstream: z.array(golden),
  inputGrads: z.array(golden.nullable()),
  grads: z.array(z.tuple([z.string(), golden.nullable()])),
});

type LayerCase = z.infer<typeof layerCase>;

const cases = readGolden('layers', z.array(layerCase));

function build({ module: [kind, args, options] }: LayerCase): nn.AnyModule {
  const made = construct(kind, withOptions(args, options));
  if (made === undefined) throw new Error(`there is no nn.${kind}`);
  return made;
}

async function expectClose(actual: Tensor | undefined, expected: Golden | null, what: string) {
  if (expected === null) expect(actual, what).toBeUndefined();
  else expect(await difference(actual, expected), what).toBeUndefined();
}

async function check(given: LayerCase): Promise<void> {
  const module = build(given).train(given.training);
  expect([...module.stateDict()].map(([name, { shape }]) => [name, shape])).toEqual(
    given.state.map(([name, { shape }]) => [name, shape]),
  );
  module.loadStateDict(new Map(given.state.map(([name, tensor]) => [name, leaf(tensor)])));
  const inputs = given.inputs.map(one =>
    Array.isArray(one) ? one.map(part => leaf(part, true)) : leaf(one, true),
  );
  const options = Object.entries(given.call).map(([key, value]) => [
    camelCase(key),
    typeof value === 'boolean' ? value : leaf(value),
  ]);
  const outputs = tensorsIn(
    callModule(module, [...inputs, ...(options.length > 0 ? [Object.fromEntries(options)] : [])]),
  );
  outputs.forEach((output, i) => {
    const upstream = given.upstream[i];
    if (upstream !== undefined) output.backward(leaf(upstream), { retainGraph: true });
  });
  const leaves = tensorsIn(inputs);
  const parameters = new Map(module.namedParameters());
  const grads = [...leaves, ...parameters.values()].flatMap(({ grad }) => grad ?? []);
  await compute(...outputs, ...grads);
  expect(outputs.length).toBe(given.outputs.length);
  for (const [i, expected] of given.outputs.entries()) await expectClose(outputs[i], expected, `output ${i}`);
  for (const [i, expected] of given.inputGrads.entries()) {
    await expectClose(leaves[i]?.grad, expected, `gradient of input ${i}`);
  }
  expect([...parameters.keys()]).toEqual(given.grads.map(([name]) => name));
  for (const [name, expected] of given.grads) {
    await expectClose(parameters.get(name)?.grad, expected, `gradient of ${name}`);
  }
}

onBothExecutors(() => {
  describe('layers', () => {
    for (const given of cases) {
      const shapes = given.inputs.map(one =>
        Array.isArray(one) ? `(${one.map(x => `[${x.shape}]`)})` : `[${one.shape}]`,
      );
      const call = Object.keys(given.call);
      it(`${JSON.stringify(given.module)} of ${shapes.join(', ')} ${call}`, () => check(given));
    }
  });
});

describe('what layers print', () => {
  for (const given of cases) {
    it(JSON.stringify(given.module), () => expect(build(given).toString()).toBe(given.repr));
  }
});
