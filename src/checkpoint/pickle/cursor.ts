/**
 * A position in bytes that are not to be trusted: every read is checked against the end. A file is read in
 * windows, so that the beginning of a large one costs no more than that of a small one.
 */
import { CheckpointError } from '../errors';
import { ArraySource, type ByteSource } from '../source/byte-source';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as text, or undefined where it is none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How much of a file is read at once. */
const windowLength = 2 ** 16;

/** Reads numbers, byte strings and lines from the front of a source to its end. */
export class Cursor {
  readonly #source: ByteSource;
  #position: number;
  /** The part that is in memory, and where it begins. */
  #window: DataView = new DataView(new ArrayBuffer(0));
  #windowStart: number;

  /**
   * @param source what is read
   * @param label what these bytes are, for messages: "data.pkl"
   * @param start where to begin
   */
  constructor(
    source: ByteSource | Uint8Array,
    readonly label: string,
    start = 0,
  ) {
    this.#source = source instanceof Uint8Array ? new ArraySource(source, label) : source;
    this.#position = start;
    this.#windowStart = start;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#source.size - this.#position;
  }

  /** An error about these bytes. */
  error(problem: string): CheckpointError {
    return new CheckpointError(`${this.label} is damaged: ${problem} (byte ${this.#position})`);
  }

  /** An error about bytes that are not there. */
  cutOff(count: number): CheckpointError {
    return new CheckpointError(
      `${this.label} is cut off: expected ${count} more bytes, found ${this.left} (byte ${this.#position})`,
    );
  }

  /** Moves on by `count` bytes and gives the offset in the window of the first of them. */
  #advance(count: number): number {
    if (!(count <= this.left)) throw this.cutOff(count);
    if (this.#position + count > this.#windowStart + this.#window.byteLength) {
      this.#load(Math.min(this.left, Math.max(count, windowLength)));
    }
    const at = this.#position - this.#windowStart;
    this.#position += count;
    return at;
  }

  /** Has a window of `length` bytes begin at the position. */
  #load(length: number): void {
    const { buffer, byteOffset, byteLength } = this.#source.read(this.#position, length);
    this.#window = new DataView(buffer, byteOffset, byteLength);
    this.#windowStart = this.#position;
  }

  /** An unsigned number of 8 bits. */
  u8(): number {
    const at = this.#advance(1);
    return this.#window.getUint8(at);
  }

  /** An unsigned number of 16 bits. */
  u16(): number {
    const at = this.#advance(2);
    return this.#window.getUint16(at, true);
  }

  /** A signed number of 32 bits. */
  i32(): number {
    const at = this.#advance(4);
    return this.#window.getInt32(at, true);
  }

  /** An unsigned number of 32 bits. */
  u32(): number {
    const at = this.#advance(4);
    return this.#window.getUint32(at, true);
  }

  /** An unsigned 64-bit number; beyond 2⁵³ not exact, which is as much out of bounds as the exact one. */
  u64(): number {
    const at = this.#advance(8);
    return Number(this.#window.getBigUint64(at, true));
  }

  /** A big-endian double, pickle's only number of that byte order. */
  f64(): number {
    const at = this.#advance(8);
    return this.#window.getFloat64(at, false);
  }

  /** The next `count` bytes, without a copy. */
  take(count: number): Uint8Array {
    const at = this.#advance(count);
    return new Uint8Array(this.#window.buffer, this.#window.byteOffset + at, count);
  }

  /** `count` bytes of UTF-8. */
  text(count: number): string {
    return this.#decode(this.take(count));
  }

  #decode(bytes: Uint8Array): string {
    const text = decodeUtf8(bytes);
    if (text === undefined) throw this.error('expected UTF-8 text');
    return text;
  }

  /** What is before the next line feed, which is consumed. */
  lineBytes(): Uint8Array {
    for (let length = windowLength; ; length *= 2) {
      const seen = Math.min(this.left, length);
      this.#advance(seen);
      this.#position -= seen;
      const at = this.#position - this.#windowStart;
      const part = new Uint8Array(this.#window.buffer, this.#window.byteOffset + at, seen);
      const end = part.indexOf(0x0a);
      if (end >= 0) return this.take(end + 1).subarray(0, -1);
      if (seen === this.left) throw new CheckpointError(`${this.label} is cut off: expected a line of text`);
    }
  }

  /** UTF-8 text up to the next line feed, which is consumed and not part of it. */
  line(): string {
    return this.#decode(this.lineBytes());
  }
}
