/** The order in which samples are drawn, by the name of PyTorch's sampler for it. */
import type { Labels } from '../data/image-data';
import { RandomSampler, SequentialSampler, WeightedRandomSampler } from '../data/sampler';
import type { SamplerName } from '../protocol/choices';
import type { DrawOrder } from './batch-order';

/** For each sample the reciprocal of how many its class has: all classes come equally often. */
function classWeights(labels: Labels, rows: Int32Array): Float64Array {
  const counts = new Map<number, number>();
  const of = (row: number) => labels[row] ?? 0;
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
  return Float64Array.from(rows, row => 1 / (counts.get(of(row)) ?? 1));
}

/**
 * Draws orders as a sampler does.
 * @param rows the samples that are trained on, out of all those that have labels
 */
export function drawOrder(name: SamplerName, labels: Labels, rows: Int32Array): DrawOrder {
  if (name === 'sequential') return length => new SequentialSampler({ length });
  if (name === 'random') return (length, generator) => new RandomSampler({ length }, { generator });
  const weights = classWeights(labels, rows);
  return (length, generator) => new WeightedRandomSampler(weights, length, { generator });
}
