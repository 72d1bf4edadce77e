/** A sample of PyTorch's operator tests (samples.py), and what the engine makes of it. */
import * as z from 'zod';
import { compute, EngineError, type Tensor } from '../../src/engine';
import {
  chainOf,
  difference,
  goldenCase,
  gradientsOf,
  runCase,
  type Spelling,
  type Tolerance,
} from '../engine/golden';

const identity = z.object({
  entry: z.string(),
  dtype: z.string(),
  sample: z.number(),
  inPlace: z.boolean(),
  tolerance: z.tuple([z.number(), z.number()]).nullable(),
  /** Its results are drawn by lot: only shapes and types can be compared. */
  random: z.boolean(),
});

/** Any other line. */
export const sampleSchema = z.union([
  z.object({ ...identity.shape, skipped: z.string() }),
  z.object({ ...identity.shape, ...goldenCase.shape, returns: z.unknown().optional() }),
]);

/** A line. */
export type Line = z.infer<typeof sampleSchema>;

/** A sample that PyTorch has an answer to. */
export type Sample = Exclude<Line, { skipped: string }>;

/** What the engine made of a sample, not computed yet; or why it could not. */
export interface Attempt {
  readonly sample: Sample;
  readonly outputs: readonly Tensor[];
  readonly gradients: readonly (Tensor | undefined)[];
  readonly chains: readonly string[];
  readonly result: unknown;
  readonly error: string | undefined;
}

/** Writes a sample down with the engine. */
export function attempt(sample: Sample, spelling: Spelling = 'method'): Attempt {
  try {
    const run = runCase(sample, spelling);
    const chains = run.outputs.map(output => chainOf(output, run.inputs));
    const gradients = sample.random ? [] : gradientsOf(run, sample, spelling);
    return { sample, outputs: run.outputs, result: run.result, chains, gradients, error: undefined };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const text = error instanceof EngineError ? message : `not an EngineError: ${message}`;
    return { sample, outputs: [], gradients: [], chains: [], result: undefined, error: text };
  }
}

/** Whether the engine has no function, or no form in place, of that name. */
export function isMissing({ error }: Attempt): boolean {
  return error !== undefined && /^not an EngineError: the engine has no /.test(error);
}

/** Computes what was written down: all in one run, or if that fails each in its own. */
export async function computeAll(attempts: readonly Attempt[]): Promise<void> {
  const tensorsOf = ({ outputs, gradients }: Attempt) => [...outputs, ...gradients.flatMap(one => one ?? [])];
  try {
    await compute(...attempts.flatMap(tensorsOf));
  } catch {
    for (const one of attempts) await compute(...tensorsOf(one)).catch(() => undefined);
  }
}

/** Where the engine and PyTorch differ, in words; undefined where they agree. */
export async function disagreement(attempt: Attempt): Promise<string | undefined> {
  const { sample, outputs, gradients, chains, error } = attempt;
  if (error !== undefined) return error;
  if (sample.values.length === 0) {
    const result: unknown = await attempt.result;
    return result === sample.returns
      ? undefined
      : `gave ${String(result)}, expected ${String(sample.returns)}`;
  }
  const tolerance: Tolerance | undefined = sample.random
    ? [0, Number.POSITIVE_INFINITY]
    : (sample.tolerance ?? undefined);
  if (outputs.length !== sample.values.length)
    return `${outputs.length} outputs, expected ${sample.values.length}`;
  for (const [i, expected] of sample.values.entries()) {
    const found = await difference(outputs[i], expected, tolerance);
    if (found !== undefined) return `output ${i}: ${found}`;
  }
  for (const [i, expected] of (sample.random ? [] : sample.grads).entries()) {
    if (expected === null) {
      if (gradients[i] !== undefined) return `gradient ${i}, where PyTorch has none`;
      continue;
    }
    const found = await difference(gradients[i], expected, tolerance);
    if (found !== undefined) return `gradient ${i}: ${found}`;
  }
  const chain = sample.chains?.findIndex((expected, i) => expected !== chains[i]) ?? -1;
  return chain === -1 ? undefined : `chain ${chains[chain]}, expected ${sample.chains?.[chain]}`;
}
