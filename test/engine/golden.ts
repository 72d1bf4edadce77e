/** The files that PyTorch wrote (test/golden/make_golden.py), and the programs in them run by the engine. */
import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import * as engine from '../../src/engine';
import {
  AccumulateGrad,
  type Device,
  type DType,
  dtypes,
  type GradNode,
  Slice,
  Tensor,
} from '../../src/engine';
import type { Expr } from '../../src/engine/expr';
import { roundTo } from '../../src/engine/runtime/reference';
import { translate } from './translate';

/** Numbers; text where JSON has none. */
export const numbers = z.array(z.union([z.number(), z.string()]).transform(Number));

/** A tensor in a golden file. */
export const golden = z.object({ dtype: z.enum(dtypes), shape: z.array(z.number()), data: numbers });

/** A tensor that PyTorch gave. */
export type Golden = z.infer<typeof golden>;

/** A program in a golden file. */
export const goldenCase = z.object({
  inputs: z.array(golden.extend({ grad: z.boolean().default(false) })),
  steps: z.array(
    z.union([
      z.tuple([z.string(), z.array(z.unknown())]),
      z.tuple([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())]),
    ]),
  ),
  /** What the program gives back, such as `$3`, the fourth value. */
  outputs: z.array(z.string()).default([]),
  values: z.array(golden).default([]),
  chains: z.array(z.string()).optional(),
  upstream: z.array(numbers).optional(),
  grads: z.array(golden.nullable()).default([]),
  /** PyTorch refused the last step. */
  error: z.string().optional(),
});

/** A program, and what PyTorch made of it. */
export type GoldenCase = z.infer<typeof goldenCase>;

/** Reads a golden file and checks its form. */
export function readGolden<T>(name: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')));
}

/** The names of all files with cases. */
export function caseFiles(): string[] {
  const names = readdirSync(new URL('../golden/programs/', import.meta.url));
  return names.flatMap(name => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
}

/** The cases of a file. */
export function readCases(name: string): GoldenCase[] {
  return readGolden(`programs/${name}`, z.array(goldenCase));
}

/** A leaf with the numbers of a golden tensor. */
export function leaf({ dtype, shape, data }: Golden, requiresGrad = false, device: Device = 'cpu'): Tensor {
  return engine.fromArray(roundTo(dtype, data), shape, { dtype, requiresGrad, device });
}

/** The case as a line of code, for the name of its test. */
export function describeCase({ inputs, steps }: GoldenCase): string {
  const types = inputs.map(
    ({ dtype, shape, data }) => `${dtype}[${shape}]${data.length < 3 ? `=${data}` : ''}`,
  );
  const calls = steps.map(([name, args, options]) => {
    const text = [...args, ...(options === undefined ? [] : [options])].map(arg => JSON.stringify(arg));
    return `${name}(${text.join(', ')})`.replaceAll('"', '');
  });
  return `${calls.join('; ')} of ${types.join(', ')}`;
}

const marked = z.union([
  z.object({ slice: z.array(z.number().nullable()) }),
  z.object({ number: z.string() }),
]);

/** An argument as it stands in the file, with values in the place of `$0`, `$1`, … */
export function decode(argument: unknown, values: readonly Tensor[]): unknown {
  if (typeof argument === 'string' && argument.startsWith('$')) return values[Number(argument.slice(1))];
  if (Array.isArray(argument)) return argument.map(item => decode(item, values));
  const special = marked.safeParse(argument);
  if (!special.success) return argument;
  if ('number' in special.data) return Number(special.data.number);
  const [start = null, stop = null, step] = special.data.slice;
  return new Slice(start, stop, step ?? 1);
}

function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return result.flatMap(tensorsIn);
  return typeof result === 'object' && result !== null ? Object.values(result).flatMap(tensorsIn) : [];
}

/** Whether `add(x, y)` or `x.add(y)` is called where there are both. */
export type Spelling = 'method' | 'function';

/** The tensors that a program works on. */
export interface Run {
  readonly inputs: Tensor[];
  readonly outputs: Tensor[];
  /** What the last step gave, be it tensors or something else. */
  readonly result: unknown;
}

/** Runs a program, lazily. */
export function runCase(given: GoldenCase, spelling: Spelling, device: Device = 'cpu'): Run {
  const inputs = given.inputs.map(input => leaf(input, input.grad, device));
  const values = [...inputs];
  let result: unknown;
  for (const [name, args, options = {}] of given.steps) {
    const decoded = Object.entries(options).map(([key, value]) => [key, decode(value, values)]);
    const call = { name, args: args.map(arg => decode(arg, values)), options: Object.fromEntries(decoded) };
    result = translate(call, spelling);
    values.push(...tensorsIn(result));
  }
  const outputs = given.outputs.map(name => values[Number(name.slice(1))]);
  return { inputs, outputs: outputs.filter(output => output !== undefined), result };
}

/** The names of the operations that tensors are computed by. */
export function operationsIn(tensors: readonly (Tensor | undefined)[]): ReadonlySet<string> {
  const stack = tensors.flatMap(tensor => (tensor === undefined ? [] : [tensor.expr]));
  const seen = new Set<Expr>();
  const names = new Set<string>();
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    if (seen.has(expr)) continue;
    seen.add(expr);
    if (expr.op !== undefined) names.add(expr.op.name);
    stack.push(...expr.inputs);
  }
  return names;
}

/** The gradients of the inputs: by `backward()` and `grad`, or by the function `grad()`. */
export function gradientsOf(
  { inputs, outputs }: Run,
  given: GoldenCase,
  spelling: Spelling,
  device: Device = 'cpu',
): (Tensor | undefined)[] {
  const roots = outputs.filter(output => output.requiresGrad);
  const upstream = roots.map((root, i) =>
    leaf({ dtype: root.dtype, shape: [...root.shape], data: given.upstream?.[i] ?? [] }, false, device),
  );
  if (roots.length === 0) return [];
  if (spelling === 'function') return engine.grad(roots, inputs, { gradOutputs: upstream });
  roots.forEach((root, i) => {
    root.backward(upstream[i], { retainGraph: i < roots.length - 1 });
  });
  return inputs.map(input => input.grad);
}

/** The chain of nodes below a tensor in the golden files' form. */
export function chainOf(output: Tensor, inputs: readonly Tensor[]): string {
  const seen: GradNode[] = [];
  const visit = (node: GradNode | undefined): string => {
    if (node === undefined) return 'None';
    if (seen.includes(node)) return `^${seen.indexOf(node)}`;
    seen.push(node);
    if (node instanceof AccumulateGrad) return `AccumulateGrad[${inputs.indexOf(node.variable)}]`;
    return `${node.name}(${node.nextFunctions.map(edge => visit(edge?.node)).join()})`;
  };
  return visit(output.gradFn);
}

/** How far from PyTorch's a number may be: so much of it, and so much beside. */
export type Tolerance = readonly [relative: number, absolute: number];

/** What `torch.testing.assert_close` allows. */
const tolerances: Record<DType, Tolerance> = {
  float32: [1.3e-6, 1e-5],
  float64: [1e-7, 1e-7],
  int64: [0, 0],
  int32: [0, 0],
  uint8: [0, 0],
  bool: [0, 0],
};

/**
 * The first difference between numbers and PyTorch's, in words; undefined if they are close.
 * @param tolerance in the place of `torch.testing`'s; infinite where the numbers do not matter
 */
export async function difference(
  actual: Tensor | undefined,
  expected: Golden,
  tolerance: Tolerance = tolerances[expected.dtype],
): Promise<string | undefined> {
  if (actual === undefined) return `nothing where a tensor of shape [${expected.shape}] was expected`;
  if (actual.dtype !== expected.dtype) return `dtype ${actual.dtype}, expected ${expected.dtype}`;
  if (actual.shape.join() !== expected.shape.join())
    return `shape [${actual.shape}], expected [${expected.shape}]`;
  const data = Array.from(await actual.data(), Number);
  const [relative, absolute] = tolerance;
  const wrong = expected.data.findIndex((want, i) => {
    const got = data[i] ?? 0;
    return !(
      Object.is(got, want) ||
      got === want ||
      Math.abs(got - want) <= absolute + relative * Math.abs(want)
    );
  });
  return wrong === -1
    ? undefined
    : `${data[wrong]} at ${wrong}, expected ${expected.data[wrong]}\n got ${data}\nwant ${expected.data}`;
}
