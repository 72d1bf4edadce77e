/** Every operation on the GPU: one sample of each entry of PyTorch's operator tests, in few sessions. */
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compute, fromArray, linalg, nonzero, searchsorted, type Tensor } from '../../src/engine';
import { keptOperations } from '../accept/kept-samples';
import type { Sample } from '../accept/sample';
import { gradientsOf, type Run, runCase } from './golden';
import { allowance, findGpu } from './software-gpu';

const missing = await findGpu();

/** Finite and without float64, which WebGPU lacks; what holds no numbers shows nothing. */
function isForGpu({ inputs, values, grads, inPlace, random }: Sample): boolean {
  const tensors = [...inputs, ...values, ...grads.filter(grad => grad !== null)];
  return (
    !inPlace &&
    !random &&
    values.some(({ data }) => data.length > 0) &&
    tensors.every(({ dtype, data }) => dtype !== 'float64' && data.every(Number.isFinite))
  );
}

/** The sample of an entry that says most about it: with a gradient if there is one, of several elements. */
function best(samples: readonly Sample[]): Sample | undefined {
  const elements = ({ inputs }: Sample) => inputs.reduce((sum, { data }) => sum + data.length, 0);
  const rank = (sample: Sample) => (sample.grads.length > 0 ? 1000 : 0) + Math.min(elements(sample), 100);
  return samples.filter(isForGpu).sort((a, b) => rank(b) - rank(a))[0];
}

const samples = new Map([...keptOperations()].map(([entry, kept]) => [entry, best(kept)]));

/** Entries without a sample for the GPU, and why. */
const notForGpu: Readonly<Record<string, string>> = {
  ...of('gives no tensor', 'allclose', 'equal'),
  ...of(
    'is about float64, which WebGPU lacks',
    'double',
    'float_power',
    'log_softmax.dtype',
    'softmax.with_dtype',
  ),
  ...of('is about float64, which WebGPU lacks', 'nn.functional.softmin.with_dtype', 'to'),
  ...of('has no tensor among its arguments', 'tril_indices', 'triu_indices'),
  ...of(
    'is drawn by lot',
    'randint_like',
    'multinomial',
    'nn.functional.dropout',
    'nn.functional.dropout2d',
    'rand_like',
  ),
  ...of('is drawn by lot', 'nn.functional._scaled_dot_product_attention', 'randn', 'randn_like'),
  ...of('only empty or infinite samples are kept; another test here has it', 'linalg.eigh', 'linalg.svd'),
  ...of(
    'only empty or infinite samples are kept; another test here has it',
    'nonzero',
    'roll',
    'searchsorted',
  ),
  ...of('its samples are those of linalg.pinv', 'linalg.pinv.hermitian'),
};

function of(reason: string, ...entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(entries.map(entry => [entry, reason]));
}

/** What the kept samples do not show. */
const onBoth: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'linalg.eigh': x => linalg.eigh(x.matmul(x.mT())).eigenvalues,
  'linalg.eigvals': x => linalg.eigvals(x.matmul(x.mT())),
  'linalg.svd': x => linalg.svd(x).s,
  nonzero,
  roll: x => x.roll(1, 1),
  searchsorted: x => searchsorted(x.sort(1).values, x),
};

interface Attempt {
  readonly sample: Sample;
  readonly run: Run;
  readonly grads: readonly (Tensor | undefined)[];
}

function write(sample: Sample): Attempt {
  const run = runCase(sample, 'method', 'webgpu');
  return { sample, run, grads: gradientsOf(run, sample, 'method', 'webgpu') };
}

const tensorsOf = ({ run, grads }: Attempt): Tensor[] => [...run.outputs, ...grads.flatMap(one => one ?? [])];

async function differs({ sample, run, grads }: Attempt): Promise<string | undefined> {
  const allowed = allowance(sample.steps.map(([name]) => name));
  const pairs = [
    ...sample.values.map((want, i) => [run.outputs[i], want] as const),
    ...sample.grads.map((want, i) => [grads[i], want] as const),
  ];
  for (const [actual, want] of pairs) {
    if (want === null) continue;
    const got = actual && Array.from(await actual.data(), Number);
    const wrong = want.data.findIndex(
      (y, i) => !(Math.abs((got?.[i] ?? Number.NaN) - y) <= allowed * Math.max(1, Math.abs(y))),
    );
    if (wrong !== -1) return `${got?.[wrong]} at ${wrong}, expected ${want.data[wrong]}`;
  }
  return undefined;
}

describe.skipIf(missing !== undefined)('on a GPU', () => {
  const attempts = new Map<string, Attempt>();
  beforeAll(async () => {
    for (const [entry, sample] of samples) if (sample !== undefined) attempts.set(entry, write(sample));
    const all = [...attempts.values()];
    for (let i = 0; i < all.length; i += 60) {
      await compute(...all.slice(i, i + 60).flatMap(tensorsOf)).catch(() => undefined);
    }
  }, 600_000);

  it('there is a sample of every operation of the everyday list', () => {
    const without = [...samples].filter(
      ([entry, one]) => one === undefined && notForGpu[entry] === undefined,
    );
    expect(without.map(([entry]) => entry)).toEqual([]);
    const list = new URL('../../../shared/everyday-ops.txt', import.meta.url);
    if (!existsSync(list)) return;
    const names = readFileSync(list, 'utf8').split('\n').filter(Boolean);
    // Its samples are left out, since its order is free: the next test has it.
    const entries = [...samples.keys(), 'linalg.eigvals'];
    expect(
      names.filter(name => !entries.some(entry => entry === name || entry.startsWith(`${name}.`))),
    ).toEqual([]);
  });

  it.each(Object.entries(onBoth))('%s gives what it gives on the CPU', async (_, call) => {
    const numbers = Float32Array.from({ length: 12 }, (_one, i) => ((i * 7) % 12) - 4);
    const [gpu, cpu] = (['webgpu', 'cpu'] as const).map(device =>
      call(fromArray(numbers, [3, 4], { device })),
    );
    expect(gpu?.device).toBe('webgpu');
    const [got, want] = [await gpu?.data(), await cpu?.data()].map(data => Array.from(data ?? [], Number));
    expect(got).toHaveLength(want?.length ?? -1);
    expect(want?.length).toBeGreaterThan(0);
    for (const [i, x] of got?.entries() ?? []) expect(x).toBeCloseTo(want?.[i] ?? Number.NaN, 4);
  });

  for (const [entry, sample] of samples) {
    if (sample === undefined) continue;
    it(entry, async () => {
      const made = attempts.get(entry);
      expect(made && (await differs(made))).toBeUndefined();
    });
  }
});
