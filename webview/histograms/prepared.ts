/** What is known of the histograms of a tensor before they are drawn. */
import type { HistogramAnswer } from '../../src/protocol/looks-page';
import { binOf } from './value-axis';

/** The histograms of a tensor, and by what they are measured. */
export interface Prepared {
  readonly answer: HistogramAnswer;
  /** The bin in which zero is; −1 where it is in none. */
  readonly zeroBin: number;
  /** As many values in a bin are drawn in full. Zeros do not count, and few looks may have more in a bin. */
  readonly full: number;
  /** Of each look how many values are finite. */
  readonly finite: readonly number[];
}

/** Nearly all looks are drawn without being cut off. */
const nearlyAll = 0.85;

/** How many values of a look are in a bin beside those that are exactly zero. */
export function countBeside(
  { answer, zeroBin }: Pick<Prepared, 'answer' | 'zeroBin'>,
  look: number,
  bin: number,
): number {
  const count = answer.counts[look]?.[bin] ?? 0;
  return bin === zeroBin ? Math.max(0, count - (answer.zeros[look] ?? 0)) : count;
}

/** Which share of a look's finite values some of them are. */
export function shareOf({ finite }: Prepared, look: number, count: number | undefined): number {
  return (count ?? 0) / Math.max(1, finite[look] ?? 1);
}

/** Prepares an answer. */
export function prepare(answer: HistogramAnswer): Prepared {
  const zeroBin = binOf(answer.edges, 0);
  const bins = Math.max(0, answer.edges.length - 1);
  const most = answer.steps
    .map((_, look) => {
      let highest = 0;
      for (let bin = 0; bin < bins; bin++) {
        highest = Math.max(highest, countBeside({ answer, zeroBin }, look, bin));
      }
      return highest;
    })
    .filter(count => count > 0)
    .sort((a, b) => a - b);
  const finite = answer.counts.map((counts, look) =>
    counts.reduce((sum, count) => sum + count, (answer.below[look] ?? 0) + (answer.above[look] ?? 0)),
  );
  return { answer, zeroBin, full: most[Math.ceil(nearlyAll * (most.length - 1))] ?? 1, finite };
}
