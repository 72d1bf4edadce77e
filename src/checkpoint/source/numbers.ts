/** Little-endian numbers anywhere in a source; a part around the last one stays in memory. */
import type { ByteSource } from './byte-source';

/** How much is read at once. */
const windowLength = 2 ** 16;

/** Reads numbers. Each throws a `CheckpointError` where it lies outside. */
export class Numbers {
  #start = 0;
  #window: DataView = new DataView(new ArrayBuffer(0));

  constructor(private readonly source: ByteSource) {}

  /** Reads a part into memory, so that the numbers in it cost no more reads. */
  load(offset: number, length: number): void {
    const { buffer, byteOffset, byteLength } = this.source.read(offset, length);
    this.#window = new DataView(buffer, byteOffset, byteLength);
    this.#start = offset;
  }

  /** An unsigned number of 8 bits. */
  u8(offset: number): number {
    const at = this.#place(offset, 1);
    return this.#window.getUint8(at);
  }

  /** An unsigned number of 16 bits. */
  u16(offset: number): number {
    const at = this.#place(offset, 2);
    return this.#window.getUint16(at, true);
  }

  /** An unsigned number of 32 bits. */
  u32(offset: number): number {
    const at = this.#place(offset, 4);
    return this.#window.getUint32(at, true);
  }

  /** An unsigned number of 64 bits; beyond 2⁵³ not exact. */
  u64(offset: number): number {
    const at = this.#place(offset, 8);
    return Number(this.#window.getBigUint64(at, true));
  }

  #place(offset: number, length: number): number {
    const at = offset - this.#start;
    if (at >= 0 && at + length <= this.#window.byteLength) return at;
    this.load(offset, Math.max(length, Math.min(windowLength, this.source.size - offset)));
    return 0;
  }
}
