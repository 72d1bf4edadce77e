/** A line of `looks.jsonl`, checked and made small: histograms are kept in eight bytes a bin, as a run has many. */
import { type Look, lookSchema, type SeenTensor } from '../protocol/looks';
import { binsPerOctave, highestExponent, lowestExponent, type Statistics } from '../protocol/tensors';

/** The number of the last bin. */
export const lastBin = (highestExponent - lowestExponent) * binsPerOctave;

/** What was seen of a tensor. */
export interface KeptTensor {
  readonly statistics: Statistics;
  /** The numbers of the bins that are not empty, rising, and how many values each of these holds. */
  readonly bins: Int16Array;
  readonly counts: Float64Array;
  /** Values between −near and near are in bin 0. */
  readonly near: number;
}

type Kept<T> = {
  readonly [K in keyof T]: T[K] extends SeenTensor
    ? KeptTensor
    : T[K] extends SeenTensor | null
      ? KeptTensor | null
      : T[K];
};

/** What was seen of a parameter. */
export type KeptParameter = Kept<Look['parameters'][number]>;

/** What was seen of the output of an operation. */
export type KeptActivation = Kept<Look['activations'][number]>;

/** What was seen at a step. */
export interface KeptLook {
  readonly step: number;
  readonly parameters: readonly KeptParameter[];
  readonly activations: readonly KeptActivation[];
}

/** Whether bins are there in their order, each with its count, and between known extremes. */
function isSound({ statistics, histogram: { bins, counts } }: SeenTensor): boolean {
  let total = 0;
  for (const count of counts) total += count;
  const rising = bins.every((bin, i) => Math.abs(bin) <= lastBin && (i === 0 || bin > (bins[i - 1] ?? bin)));
  const known = statistics.min !== null && statistics.max !== null;
  return rising && counts.length === bins.length && (known || total === 0);
}

function keep({ statistics, histogram: { bins, counts, near } }: SeenTensor): KeptTensor {
  return { statistics, bins: Int16Array.from(bins), counts: Float64Array.from(counts), near };
}

const keepIfThere = (seen: SeenTensor | null) => seen && keep(seen);

/** Reads a line; undefined if it was cut off, is damaged, or is no look. */
export function readLook(text: string): KeptLook | undefined {
  const look = parseLook(text);
  if (look === undefined || look.step < 0) return undefined;
  const both = [...look.parameters, ...look.activations];
  if (!both.every(({ value, gradient }) => isSound(value) && (gradient === null || isSound(gradient))))
    return undefined;
  return {
    step: look.step,
    parameters: look.parameters.map(seen => ({
      ...seen,
      value: keep(seen.value),
      gradient: keepIfThere(seen.gradient),
    })),
    activations: look.activations.map(seen => ({
      ...seen,
      value: keep(seen.value),
      gradient: keepIfThere(seen.gradient),
    })),
  };
}

function parseLook(text: string): Look | undefined {
  try {
    return lookSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
