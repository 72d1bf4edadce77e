/** A list of numbers that grows in place, eight bytes a number. */
export class Column {
  #data = new Float64Array(64);
  #length = 0;

  /** How many numbers there are. */
  get length(): number {
    return this.#length;
  }

  /** The number at `index`; NaN where there is none. */
  at(index: number): number {
    return index < this.#length ? (this.#data[index] ?? Number.NaN) : Number.NaN;
  }

  /** The last number; NaN where there is none. */
  get last(): number {
    return this.at(this.#length - 1);
  }

  /** Adds a number. */
  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length++] = value;
  }

  /** Puts another number in the place of the last one. */
  replaceLast(value: number): void {
    if (this.#length > 0) this.#data[this.#length - 1] = value;
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** In a rising column, the first index whose number is not below `value`. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
