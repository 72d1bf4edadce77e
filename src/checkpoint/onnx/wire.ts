/**
 * Protocol buffers as they lie in a file: fields with a number and a value. Runs of bytes are given by their place, so
 * that the weights of a model are passed over (protobufjs, which writes models, takes all of a file into memory).
 */
import { type Budget, CheckpointError } from '../errors';
import { decodeUtf8 } from '../pickle/cursor';
import type { ByteSource } from '../source/byte-source';
import { Numbers } from '../source/numbers';

/** A part of a file. */
export interface Part {
  readonly start: number;
  readonly length: number;
}

/** A field: `int` for the wire types of numbers, else `part`. */
export interface Field {
  readonly id: number;
  /** A varint as an unsigned 64-bit number, or the bits of a fixed number. */
  readonly int: bigint;
  /** Where the bytes of the value lie: a message, a text, packed numbers, or a fixed number. */
  readonly part: Part;
  /** Whether the value is a varint. */
  readonly varint: boolean;
}

/** Longest text that is read; longer ones are cut. */
const maxText = 1 << 20;

/** Reads fields of messages in one file. */
export class Wire {
  readonly #numbers: Numbers;

  /** @param fields how many fields may be read in all */
  constructor(
    private readonly source: ByteSource,
    private readonly fields: Budget,
  ) {
    this.#numbers = new Numbers(source);
  }

  /** The fields of the message that lies in this part. */
  *read({ start, length }: Part): Generator<Field> {
    const end = start + length;
    for (let at = start; at < end; ) {
      this.fields.take(1);
      const tag = this.varint(at, end);
      const id = Number(tag.value >> 3n);
      const kind = Number(tag.value & 7n);
      if (id === 0) throw damaged(`found a field without a number at byte ${at}`);
      const field = this.#value(kind, id, tag.next, end);
      at = field.part.start + field.part.length;
      yield field;
    }
  }

  #value(kind: number, id: number, at: number, end: number): Field {
    if (kind === 0) {
      const { value, next } = this.varint(at, end);
      return { id, int: value, part: { start: at, length: next - at }, varint: true };
    }
    if (kind === 2) {
      const { value, next } = this.varint(at, end);
      const part = { start: next, length: Number(value) };
      if (!(part.length <= end - next)) {
        throw new CheckpointError(
          `is cut off or damaged: expected ${value} bytes at byte ${next}, found ${end - next}`,
        );
      }
      return { id, int: 0n, part, varint: false };
    }
    const length = { 1: 8, 5: 4 }[kind];
    if (length === undefined) throw damaged(`found the wire type ${kind} at byte ${at}`);
    if (length > end - at) throw damaged(`a number at byte ${at} is cut off`);
    const low = BigInt(this.#numbers.u32(at));
    const int = length === 8 ? low | (BigInt(this.#numbers.u32(at + 4)) << 32n) : low;
    return { id, int, part: { start: at, length }, varint: false };
  }

  /** The varint at `at` and where the next value begins. */
  varint(at: number, end: number): { readonly value: bigint; readonly next: number } {
    let low = 0;
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      if (at + i >= end) throw damaged(`a number at byte ${at} is cut off`);
      const byte = this.#numbers.u8(at + i);
      // Up to 28 bits without big numbers, which are slow.
      if (i < 4) low |= (byte & 0x7f) << (7 * i);
      else value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return { value: BigInt.asUintN(64, value | BigInt(low)), next: at + i + 1 };
    }
    throw damaged(`a number at byte ${at} is too long`);
  }

  /** A text. */
  text({ start, length }: Part): string {
    const text = decodeUtf8(this.source.read(start, Math.min(length, maxText)));
    if (text === undefined && length <= maxText) throw damaged(`expected text at byte ${start}`);
    return text ?? '';
  }

  /** The bytes of a part. */
  bytes({ start, length }: Part): Uint8Array {
    return this.source.read(start, length);
  }

  /** The numbers of a repeated field of varints, packed or one by itself. */
  *varints({ int, part, varint }: Field): Generator<bigint> {
    if (varint) {
      yield int;
      return;
    }
    const end = part.start + part.length;
    for (let at = part.start; at < end; ) {
      const { value, next } = this.varint(at, end);
      yield value;
      at = next;
    }
  }
}

/** A varint as a signed number. */
export const signed = (int: bigint): number => Number(BigInt.asIntN(64, int));

function damaged(problem: string): CheckpointError {
  return new CheckpointError(`is a damaged ONNX file: ${problem}`);
}
