/** Answers what a page asks about one tensor: its histograms over steps, in the bins that the page draws. */
import type { HistogramAnswer, HistogramQuery } from '../protocol/looks-page';
import { edgesOf, fullSpan, usualSpan, withWidth } from './looks-range';
import { rebin } from './looks-rebin';
import type { SeenAt } from './looks-tensors';

/** The answer where nothing was seen. */
export const noHistograms: HistogramAnswer = {
  steps: [],
  edges: [],
  counts: [],
  below: [],
  above: [],
  min: [],
  mean: [],
  std: [],
  max: [],
  zeros: [],
  nan: [],
  infinite: [],
  near: [],
  outside: 0,
  full: { low: 0, high: 0 },
};

/** As many figures as anybody reads. */
const brief = (value: number | null) => value && Number(value.toPrecision(7));

/** The histograms of a tensor, of which there is one at least. */
export function answerHistograms(
  seen: readonly SeenAt[],
  { range, scale, bins }: Pick<HistogramQuery, 'range' | 'scale' | 'bins'>,
): HistogramAnswer {
  const full = fullSpan(seen);
  const span = withWidth(range === 'full' ? full : usualSpan(seen, scale));
  const edges = edgesOf(span, scale, bins, seen);
  const all = seen.map(({ tensor }) => rebin(tensor, edges));
  const of = seen.map(({ tensor }) => tensor.statistics);
  const out = all.reduce((sum, { below, above }) => sum + below + above, 0);
  const finite = of.reduce((sum, { count, nan, infinite }) => sum + count - nan - infinite, 0);
  return {
    steps: seen.map(({ step }) => step),
    edges,
    counts: all.map(({ counts }) => counts),
    below: all.map(({ below }) => below),
    above: all.map(({ above }) => above),
    min: of.map(({ min }) => brief(min)),
    mean: of.map(({ mean }) => brief(mean)),
    std: of.map(({ std }) => brief(std)),
    max: of.map(({ max }) => brief(max)),
    zeros: of.map(({ zeros }) => zeros),
    nan: of.map(({ nan }) => nan),
    infinite: of.map(({ infinite }) => infinite),
    near: seen.map(({ tensor }) => tensor.near),
    outside: out / Math.max(1, finite),
    full,
  };
}
