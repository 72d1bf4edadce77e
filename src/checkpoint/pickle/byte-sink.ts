/**
 * Bytes that grow at their end.
 */

/** Collects bytes. */
export class ByteSink {
  #buffer = new Uint8Array(1024);
  #length = 0;

  /** Makes room for `count` more bytes and gives the offset of the first. May replace the buffer. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, at));
      this.#buffer = larger;
    }
    return at;
  }

  /** Adds single bytes. */
  bytes(...values: number[]): void {
    const at = this.#grow(values.length);
    this.#buffer.set(values, at);
  }

  /** Adds a run of bytes. */
  append(values: Uint8Array): void {
    const at = this.#grow(values.length);
    this.#buffer.set(values, at);
  }

  /** Adds a little-endian number of 32 bits. */
  u32(value: number): void {
    const at = this.#grow(4);
    new DataView(this.#buffer.buffer).setUint32(at, value, true);
  }

  /** Adds a big-endian double. */
  f64(value: number): void {
    const at = this.#grow(8);
    new DataView(this.#buffer.buffer).setFloat64(at, value, false);
  }

  /** What was collected. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}
