/** A sample of PyTorch's module tests (module_samples.py), and what the engine's module makes of it. */
import * as z from 'zod';
import { compute, nn, type Tensor } from '../../src/engine';
import { decode, difference, type Golden, golden, leaf } from '../engine/golden';
import { callModule, construct, tensorsIn, withOptions } from '../engine/modules';

const call = z.object({ args: z.array(z.unknown()), options: z.record(z.string(), z.unknown()) });
const named = z.array(z.tuple([z.string(), golden]));
const identity = z.object({
  entry: z.string(),
  /** The engine's name for it. */
  kind: z.string(),
  sample: z.number(),
  training: z.boolean(),
});

const moduleSample = z.object({
  ...identity.shape,
  /** How it is made, and how it is called: `$0` is the first of the inputs. */
  module: call,
  call,
  inputs: z.array(golden.extend({ grad: z.boolean().default(false) })),
  state: named,
  values: z.array(golden),
  /** The state after the call. */
  after: named,
  upstream: z.array(golden),
  grads: z.array(golden.nullable()),
  parameters: z.array(z.tuple([z.string(), golden.nullable()])),
});

/** A line of what the script writes. */
export const moduleSampleSchema = z.union([
  z.object({ ...identity.shape, skipped: z.string() }),
  moduleSample,
]);

/** A sample that PyTorch has an answer to. */
export type ModuleSample = z.infer<typeof moduleSample>;

/** What the engine made of it, not computed yet. */
interface Made {
  readonly module: nn.AnyModule;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const shapesOf = (state: ModuleSample['state']): string =>
  state.map(([name, { shape, dtype }]) => `${name} ${dtype}[${shape}]`).join(', ');

/** Makes the module, loads PyTorch's state and calls it; undefined where the engine has no such module. */
function make(sample: ModuleSample): Made | string | undefined {
  const inputs = sample.inputs.map(input => leaf(input, input.grad));
  const argumentsOf = ({ args, options }: ModuleSample['call']) =>
    withOptions(
      args.map(arg => decode(arg, inputs) ?? undefined),
      Object.fromEntries(Object.entries(options).map(([key, value]) => [key, decode(value, inputs)])),
    );
  const module = construct(sample.kind, argumentsOf(sample.module))?.train(sample.training);
  if (module === undefined) return undefined;
  const state = new Map(sample.state.map(([name, tensor]) => [name, leaf(tensor)]));
  // Those of lazy modules are known once numbers are loaded.
  if (module instanceof nn.LazyModule) module.loadStateDict(state);
  const own = [...module.stateDict()]
    .map(([name, { shape, dtype }]) => `${name} ${dtype}[${shape}]`)
    .join(', ');
  if (own !== shapesOf(sample.state)) return `state_dict ${own}, expected ${shapesOf(sample.state)}`;
  module.loadStateDict(state);
  const outputs = tensorsIn(callModule(module, argumentsOf(sample.call)));
  outputs
    .filter(output => output.requiresGrad)
    .forEach((output, i) => {
      const upstream = sample.upstream[i];
      if (upstream !== undefined) output.backward(leaf(upstream), { retainGraph: true });
    });
  return { module, inputs, outputs };
}

async function firstDifference(
  pairs: readonly (readonly [what: string, found: Tensor | undefined, expected: Golden | null])[],
): Promise<string | undefined> {
  for (const [what, found, expected] of pairs) {
    if (expected === null && found === undefined) continue;
    const differs = expected === null ? 'is there, PyTorch has none' : await difference(found, expected);
    if (differs !== undefined) return `${what}: ${differs}`;
  }
  return undefined;
}

/** Where the engine and PyTorch differ, in words; undefined where they agree, null where there is no such module. */
export async function moduleDisagreement(sample: ModuleSample): Promise<string | undefined | null> {
  try {
    const made = make(sample);
    if (made === undefined) return null;
    if (typeof made === 'string') return made;
    const { module, inputs, outputs } = made;
    const parameters = new Map(module.namedParameters());
    const state = module.stateDict();
    const grads = [...inputs, ...parameters.values()].flatMap(({ grad }) => grad ?? []);
    await compute(...outputs, ...grads, ...state.values());
    if (outputs.length !== sample.values.length)
      return `${outputs.length} outputs, expected ${sample.values.length}`;
    const names = sample.parameters.map(([name]) => name).join();
    if ([...parameters.keys()].join() !== names)
      return `parameters ${[...parameters.keys()]}, expected ${names}`;
    return await firstDifference([
      ...sample.values.map((want, i) => [`output ${i}`, outputs[i], want] as const),
      ...sample.grads.map((want, i) => [`gradient of input ${i}`, inputs[i]?.grad, want] as const),
      ...sample.parameters.map(
        ([name, want]) => [`gradient of ${name}`, parameters.get(name)?.grad, want] as const,
      ),
      ...sample.after.map(([name, want]) => [`${name} afterwards`, state.get(name), want] as const),
    ]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
