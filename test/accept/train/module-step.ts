/** A step of a module of a Python file, built with the engine, as gradients.py takes it with PyTorch. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { compute, fromArray, noGrad, optim, type Tensor } from '../../../src/engine';
import { type InterpretedNetwork, readModule } from '../../../src/python';
import { taskOf } from '../../../src/training/models/python/task';

const specSchema = z.array(
  z.object({
    script: z.string(),
    name: z.string(),
    loss: z.string(),
    smoothing: z.number().optional(),
    /** What is said to the command line that the file does not say. */
    flags: z.array(z.string()).optional(),
  }),
);

const gradientSchema = z.object({
  name: z.string(),
  norm: z.number(),
  largest: z.number(),
  values: z.array(z.number()),
});

const goldenSchema = z.object({
  keys: z.array(z.string()),
  steps: z.array(z.object({ loss: z.number(), gradients: z.array(gradientSchema) })),
});

/** A module, and what PyTorch had. */
export interface Case {
  readonly title: string;
  readonly file: string;
  readonly name: string;
  readonly smoothing: number;
  readonly flags: readonly string[];
  readonly golden: z.infer<typeof goldenSchema>;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** What PyTorch had of a module, in a folder that gradients.py has filled. */
export function goldenIn(place: string, script: string): Case['golden'] {
  return goldenSchema.parse(json(path.join(place, `${path.basename(script, '.py')}.json`)));
}

/** All modules in a folder, with what PyTorch had. */
export function casesIn(folder: string): Case[] {
  return specSchema
    .parse(json(path.join(folder, 'modules.json')))
    .map(({ script, name, smoothing = 0, flags = [] }) => ({
      title: `${path.basename(script)}:${name}`,
      file: path.join(folder, script),
      name,
      smoothing,
      flags,
      golden: goldenIn(path.join(folder, 'golden'), script),
    }));
}

/** Numbers from -0.5 to 0.5: the same as in gradients.py. */
function numbers(count: number, key: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let x = Number((BigInt(i) * 2654435761n + BigInt(key) * 40503n) % 2n ** 32n) >>> 0;
    for (let turn = 0; turn < 2; turn++) x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    x = (x ^ (x >>> 16)) >>> 0;
    return x / 2 ** 32 - 0.5;
  });
}

const batch = 8;
const samples = 6;

function fill(network: InterpretedNetwork, names: readonly string[]): void {
  const parameters = new Map(network.namedParameters());
  noGrad(() =>
    names.forEach((name, i) => {
      const parameter = parameters.get(name);
      if (parameter === undefined) throw new Error(`no ${name}`);
      const { ndim, shape } = parameter;
      const spread = 2 * Math.sqrt((shape[0] ?? 1) / parameter.numel());
      const start = name.endsWith('weight') ? 1 : 0;
      const values = numbers(parameter.numel(), i + 1).map(x => (ndim >= 2 ? x * spread : 0.2 * x + start));
      parameter.copy_(fromArray(Float32Array.from(values), [...shape]));
    }),
  );
}

/** What a step came to. */
export interface Outcome {
  readonly loss: number;
  /** The largest difference from PyTorch's, as a share of the network's largest gradient; for the loss, of the loss. */
  readonly difference: number;
  /** The same as a share of the largest gradient of the parameter itself, where that is no less than a hundredth of it. */
  readonly own: number;
  readonly where: string;
}

/** Builds the module, takes two steps, and compares both with PyTorch's. */
export async function compareSteps({ file, name, smoothing, golden }: Case): Promise<Outcome[]> {
  const source = readFileSync(file, 'utf8');
  const read = readModule({ uri: file, text: source, name });
  const network = read.build({ sample: [1, 28, 28], classes: 10 });
  const keys = [...network.stateDict().keys()].sort();
  if (keys.join() !== [...golden.keys].sort().join()) throw new Error(`other keys: ${keys.join()}`);
  network.train();
  for (const [, module] of network.namedModules()) {
    if (module.kind.startsWith('Dropout')) module.eval();
  }
  if (source.includes('F.dropout')) network.eval();
  fill(network, golden.steps[0]?.gradients.map(one => one.name) ?? []);
  const pixels = numbers(batch * 784, 99).map(x => x + 0.5);
  const images = fromArray(Float32Array.from(pixels), [batch, 1, 28, 28]);
  const labels = fromArray(
    BigInt64Array.from({ length: batch }, (_, i) => BigInt(i % 10)),
    [batch],
  );
  const { outputs: width, lastNode } = network.fit;
  const task = taskOf(read.recipe.loss, { width, lastNode, ownLoss: network.ownLoss }, 10, name);
  const optimizer = new optim.SGD(network.parameters(), { lr: 0.1 });
  const outcomes: Outcome[] = [];
  for (const { loss: wanted, gradients } of golden.steps) {
    const most = Math.max(...gradients.map(one => one.largest));
    optimizer.zeroGrad();
    const loss = task.loss(network.call(images), labels, { labelSmoothing: smoothing });
    loss.backward();
    const parameters = new Map(network.namedParameters());
    const grads = gradients.map(one => parameters.get(one.name)?.grad);
    await compute(loss, ...grads.filter((grad): grad is Tensor => grad !== undefined));
    const found = await loss.item();
    let own = 0;
    let [difference, where] = [Math.abs(found - wanted) / Math.max(1, Math.abs(wanted)), 'loss'];
    for (const [i, one] of gradients.entries()) {
      const apart = await differenceOf(grads[i], one, most);
      // What is zero but for rounding, as a bias before a normalization has it, is not held to its own size.
      own = Math.max(own, await differenceOf(grads[i], one, 0.01 * most));
      if (apart > difference || Number.isNaN(apart)) [difference, where] = [apart, one.name];
    }
    outcomes.push({ loss: found, difference, own, where });
    optimizer.step();
  }
  return outcomes;
}

async function differenceOf(
  grad: Tensor | undefined,
  golden: z.infer<typeof gradientSchema>,
  floor: number,
): Promise<number> {
  if (grad === undefined) return Number.NaN;
  const data = Array.from(await grad.data(), Number);
  const scale = Math.max(golden.largest, floor);
  const norm = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0));
  const places = golden.values.map((_, i) => Math.floor((i * data.length) / samples));
  const apart = golden.values.map(
    (value, i) => Math.abs((data[places[i] ?? 0] ?? Number.NaN) - value) / scale,
  );
  const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Math.max(
    ...apart,
    Math.abs(norm - golden.norm) / Math.max(golden.norm, floor),
    Math.abs(largest - golden.largest) / scale,
  );
}
