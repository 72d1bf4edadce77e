/**
 * A position in bytes that are not to be trusted: every read is checked against the end.
 */
import { CheckpointError } from '../errors';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as text, or undefined where it is none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads numbers, byte strings and lines from the front of a byte array to its end. */
export class Cursor {
  readonly #view: DataView;
  #position: number;

  /**
   * @param bytes what is read
   * @param label what these bytes are, for messages: "data.pkl"
   * @param start where to begin
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly label: string,
    start = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = start;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.length - this.#position;
  }

  /** An error about these bytes. */
  error(problem: string): CheckpointError {
    return new CheckpointError(`${this.label} is damaged: ${problem} (byte ${this.#position})`);
  }

  /** Moves on by `count` bytes and gives the offset of the first of them. */
  #advance(count: number): number {
    if (!(count <= this.left)) {
      throw new CheckpointError(
        `${this.label} is cut off: expected ${count} more bytes, found ${this.left} (byte ${this.#position})`,
      );
    }
    const at = this.#position;
    this.#position += count;
    return at;
  }

  /** An unsigned number of 8 bits. */
  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** An unsigned number of 16 bits. */
  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  /** A signed number of 32 bits. */
  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** An unsigned number of 32 bits. */
  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** An unsigned 64-bit number; beyond 2⁵³ not exact, which is as much out of bounds as the exact one. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** A big-endian double, pickle's only number of that byte order. */
  f64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** The next `count` bytes, without a copy. */
  take(count: number): Uint8Array {
    const at = this.#advance(count);
    return this.bytes.subarray(at, at + count);
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
    const end = this.bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw new CheckpointError(`${this.label} is cut off: expected a line of text`);
    return this.take(end + 1 - this.#position).subarray(0, -1);
  }

  /** UTF-8 text up to the next line feed, which is consumed and not part of it. */
  line(): string {
    return this.#decode(this.lineBytes());
  }
}
