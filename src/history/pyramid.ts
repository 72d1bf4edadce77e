/**
 * Values with their extremes and sums over blocks of 16, of 256, of 4096 and so on, so that those of any range
 * are found by looking at a few blocks. Only complete blocks are kept, so growing costs next to nothing.
 */
import { Column } from './column';

const fan = 16;

/** What is known of the values in a range. NaN is no value: it is counted nowhere. */
export interface Extent {
  min: number;
  max: number;
  sum: number;
  count: number;
}

interface Level {
  readonly min: Column;
  readonly max: Column;
  readonly sum: Column;
  readonly count: Column;
}

function emptyExtent(): Extent {
  return { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sum: 0, count: 0 };
}

/** Values, and what is needed to look at many of them at once. */
export class Pyramid {
  readonly #values = new Column();
  /** The level at index k holds blocks of 16 ** (k + 1) values. */
  readonly #levels: Level[] = [];

  /** How many values there are. */
  get length(): number {
    return this.#values.length;
  }

  /** The value at `index`. */
  at(index: number): number {
    return this.#values.at(index);
  }

  /** Adds a value. */
  push(value: number): void {
    this.#values.push(value);
    let size = fan;
    for (let k = 0; this.#values.length % size === 0; k++, size *= fan) this.#closeBlock(k);
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    this.#values.truncate(length);
    let size = fan;
    for (const level of this.#levels) {
      const blocks = Math.floor(this.#values.length / size);
      for (const column of [level.min, level.max, level.sum, level.count]) column.truncate(blocks);
      size *= fan;
    }
  }

  /** What there is from index `from` up to but not including `to`. */
  extent(from: number, to: number): Extent {
    const extent = emptyExtent();
    this.#collect(Math.max(0, from), Math.min(to, this.length), extent);
    return extent;
  }

  /** Small blocks at both ends of the range, large ones between them. */
  #collect(from: number, to: number, into: Extent): void {
    let k = -1;
    while (from < to) {
      if (this.#levels[k + 1] === undefined || to - from < fan) {
        this.#add(k, from, to, into);
        return;
      }
      const innerFrom = Math.ceil(from / fan);
      const innerTo = Math.max(innerFrom, Math.floor(to / fan));
      this.#add(k, from, Math.min(innerFrom * fan, to), into);
      this.#add(k, Math.max(innerTo * fan, Math.min(innerFrom * fan, to)), to, into);
      from = innerFrom;
      to = innerTo;
      k++;
    }
  }

  #add(k: number, from: number, to: number, into: Extent): void {
    const level = this.#levels[k];
    for (let i = from; i < to; i++) {
      const value = this.#values.at(i);
      const count = level === undefined ? Number(!Number.isNaN(value)) : level.count.at(i);
      if (count === 0) continue;
      into.min = Math.min(into.min, level === undefined ? value : level.min.at(i));
      into.max = Math.max(into.max, level === undefined ? value : level.max.at(i));
      into.sum += level === undefined ? value : level.sum.at(i);
      into.count += count;
    }
  }

  #closeBlock(k: number): void {
    let level = this.#levels[k];
    if (level === undefined) {
      level = { min: new Column(), max: new Column(), sum: new Column(), count: new Column() };
      this.#levels[k] = level;
    }
    const block = level.min.length;
    const extent = emptyExtent();
    this.#add(k - 1, block * fan, (block + 1) * fan, extent);
    level.min.push(extent.min);
    level.max.push(extent.max);
    level.sum.push(extent.sum);
    level.count.push(extent.count);
  }
}
