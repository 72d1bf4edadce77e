/**
 * Finding out how a model is meant that does not say it itself: every plausible way is tried on some samples of the
 * training set, and the one that is right most often is taken. What was tried is told; nothing is assumed silently.
 */
import { setImmediate } from 'node:timers/promises';
import type { ImageSplit } from '../../data/image-data';
import type { Attempt } from '../../protocol/evaluation';
import { TrainingError } from '../errors';
import { lengthOf, type Selection } from '../splits';
import type { Task } from '../tasks';
import { type MeasureObserver, measure } from './measure';
import type { Scorer } from './scorer';

/** A way to understand a model. */
export interface Reading<T> {
  /** What it is by, one thing after the other, as a person reads it. */
  readonly facets: readonly string[];
  readonly scorer: () => Scorer;
  /** What it consists of. */
  readonly value: T;
}

/** A reading, and how good the model is so. */
export interface Tried<T> {
  readonly reading: Reading<T>;
  readonly accuracy: number;
  readonly loss: number;
}

/** Readings whose accuracies differ by no more than this are told apart by their losses. */
const closely = 0.01;

/** So many samples are enough to tell right from wrong. */
export const samplesToTry = 500;

/** Samples from all over a training set, which may be sorted by class. */
export function samplesForTrying(training: ImageSplit): Selection {
  const count = Math.min(samplesToTry, training.length);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * training.length) / count));
  return { split: training, rows };
}

/** Tries readings, in the order of how plausible they are; `best` is the first of those that nothing is better than. */
export class Trial<T> {
  readonly #tried: Tried<T>[] = [];

  constructor(
    private readonly samples: Selection,
    private readonly task: Task,
    private readonly classes: number,
    private readonly observer: MeasureObserver,
  ) {}

  /** Tries a reading, unless it was tried before. */
  async try(reading: Reading<T>): Promise<Tried<T>> {
    const key = reading.facets.join();
    const before = this.#tried.find(tried => tried.reading.facets.join() === key);
    if (before !== undefined) return before;
    await setImmediate();
    const { signal } = this.observer;
    const { accuracy, loss } = await measure(reading.scorer(), this.task, this.samples, this.classes, {
      signal,
    });
    const tried = { reading, accuracy, loss };
    this.#tried.push(tried);
    return tried;
  }

  /**
   * The best of some readings of equal standing: the most accurate one or, of those that are nearly as accurate, the
   * one with the lowest loss. A model that was trained on other numbers is less sure of what it still gets right.
   */
  async bestOf(readings: Iterable<Reading<T>>): Promise<Tried<T>> {
    const tried: Tried<T>[] = [];
    for (const reading of readings) tried.push(await this.try(reading));
    const most = Math.max(...tried.map(({ accuracy }) => accuracy));
    const [first, ...others] = tried.filter(({ accuracy }) => accuracy >= most - closely);
    if (first === undefined) throw new TrainingError('there is nothing to try');
    return others.reduce((best, other) => (other.loss < best.loss ? other : best), first);
  }

  /** The one that was there, unless another makes far fewer mistakes: unusual readings need good reasons. */
  async unlessFarBetter(usual: Tried<T>, readings: Iterable<Reading<T>>): Promise<Tried<T>> {
    let best = usual;
    for (const reading of readings) {
      const tried = await this.try(reading);
      const [mistakes, fewest] = [1 - tried.accuracy, 1 - best.accuracy].map(
        share => share * lengthOf(this.samples),
      );
      if (mistakes !== undefined && fewest !== undefined && mistakes < (2 / 3) * fewest - 5) best = tried;
    }
    return best;
  }

  /** What was tried, for the report: the best first, each by what distinguishes it from the chosen one. */
  report(chosen: Tried<T>): { samples: number; attempts: Attempt[] } {
    const own = chosen.reading.facets;
    const attempts = this.#tried.map(tried => {
      const { facets } = tried.reading;
      const different = facets.filter((facet, i) => tried === chosen || facet !== own[i]);
      return {
        text: different.join('; '),
        accuracy: tried.accuracy,
        loss: Number.isFinite(tried.loss) ? tried.loss : null,
        chosen: tried === chosen,
      };
    });
    attempts.sort((a, b) => Number(b.chosen) - Number(a.chosen) || b.accuracy - a.accuracy);
    return { samples: lengthOf(this.samples), attempts };
  }
}
