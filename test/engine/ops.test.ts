/** Every operation against PyTorch: values, types, gradients and chains of nodes, on both executors. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compute, EngineError, operations, Tensor } from '../../src/engine';
import * as engineOps from '../../src/engine/ops';
import { keptOperations } from '../accept/kept-samples';
import { attempt as attemptSample } from '../accept/sample';
import { onBothExecutors } from './executors';
import {
  caseFiles,
  chainOf,
  describeCase,
  difference,
  type GoldenCase,
  gradientsOf,
  operationsIn,
  type Run,
  readCases,
  runCase,
  type Spelling,
} from './golden';
import { camelCase } from './translate';

const files = caseFiles();

/** The operations that the cases have led to. */
const used = new Set<string>();

function noteOperations(tensors: readonly (Tensor | undefined)[]): void {
  for (const name of operationsIn(tensors)) used.add(name);
}

/** A case written down, not computed yet. */
interface Prepared extends Run {
  readonly chains: string[];
  readonly grads: (Tensor | undefined)[];
}

function prepare(given: GoldenCase, spelling: Spelling): Prepared {
  const run = runCase(given, spelling);
  const chains = run.outputs.map(output => chainOf(output, run.inputs));
  const grads = gradientsOf(run, given, spelling);
  noteOperations([...run.outputs, ...grads]);
  return { ...run, chains, grads };
}

/** How many cases are computed in one run: a session costs some time, and a large one more than its share. */
const together = 150;

/** Computes many cases in few runs. If one fails its cases are computed one by one, so that one is named. */
async function computeTogether(all: readonly (Prepared | Error)[]): Promise<void> {
  for (let start = 0; start < all.length; start += together) {
    const part = all.slice(start, start + together);
    const tensors = part.flatMap(one => (one instanceof Error ? [] : [...one.outputs, ...one.grads]));
    await compute(...tensors.filter(tensor => tensor !== undefined)).catch(() => undefined);
  }
}

function attempt(given: GoldenCase, spelling: Spelling): Prepared | Error {
  try {
    return prepare(given, spelling);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function check(given: GoldenCase, made: Prepared | Error | undefined): Promise<void> {
  if (given.error !== undefined) {
    expect(made, `PyTorch says: ${given.error}`).toBeInstanceOf(EngineError);
    return;
  }
  if (made === undefined || made instanceof Error) throw made ?? new Error('the case was not prepared');
  for (const [i, expected] of given.values.entries()) {
    expect(await difference(made.outputs[i], expected), `output ${i}`).toBeUndefined();
  }
  if (given.chains !== undefined) expect(made.chains.join('\n')).toBe(given.chains.join('\n'));
  for (const [i, expected] of given.grads.entries()) {
    if (expected === null) expect(made.grads[i], `gradient ${i}`).toBeUndefined();
    else expect(await difference(made.grads[i], expected), `gradient ${i}`).toBeUndefined();
  }
}

onBothExecutors(spelling => {
  for (const file of files) {
    describe(file, () => {
      const cases = readCases(file);
      let prepared: (Prepared | Error)[] = [];
      beforeAll(async () => {
        prepared = cases.map(given => attempt(given, spelling));
        await computeTogether(prepared);
      }, 60_000);
      cases.forEach((given, i) => {
        it(describeCase(given), () => check(given, prepared[i]));
      });
    });
  }
});

/** Functions that PyTorch names otherwise. */
const aliases: Record<string, string> = {
  variance: 'var',
  expandTo: 'expand',
  scaledDotProductAttention: 'ScaledDotProductAttention',
  weightFromNorm: 'WeightNorm',
};

/** Covered by other tests: random numbers cannot be compared, only counted, and these compute nothing. */
const elsewhere = new Set([
  ...['rand', 'randn', 'randint', 'randintLike', 'randLike', 'randnLike', 'randperm'],
  ...[
    'operations',
    'signatures',
    'fromArray',
    'Slice',
    'constructor',
    'numel',
    'size',
    'data',
    'item',
    'tolist',
  ],
  ...[
    'requiresGrad_',
    'relink',
    'accumulateGrad',
    'assign',
    'turn',
    'replaceStorage',
    'retainGrad',
    'backward',
  ],
  // hooks.test.ts
  'registerHook',
  // closeness.test.ts: their results are no tensors.
  ...['allclose', 'equal'],
  // multinomial.test.ts
  'multinomial',
  // strides.test.ts
  'stride',
]);

describe('coverage', () => {
  const samples = [...keptOperations().values()].flat();

  it('every registered operation appears in a case', () => {
    for (const sample of samples) {
      const made = attemptSample(sample);
      noteOperations([...made.outputs, ...made.gradients]);
    }
    // A move between devices is no operation of an executor: autograd.test.ts has it.
    const missing = [...operations().keys()].filter(name => !used.has(name) && name !== 'to_device');
    expect(missing).toEqual([]);
  });

  it('every function and every method appears in a case', () => {
    const steps = [...files.flatMap(readCases), ...samples].flatMap(given => given.steps);
    const called = new Set(steps.map(([name]) => camelCase(name)));
    const isMethod = (name: string) =>
      typeof Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value === 'function';
    const names = [
      ...Object.entries(engineOps).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])),
      ...Object.getOwnPropertyNames(Tensor.prototype).filter(isMethod),
    ];
    const missing = names.filter(name => !called.has(aliases[name] ?? name) && !elsewhere.has(name));
    expect(missing).toEqual([]);
  });
});
