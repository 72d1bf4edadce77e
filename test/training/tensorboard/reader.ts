/**
 * An independent reader of TensorBoard's event files, written from the published formats: TensorFlow's records (length,
 * masked CRC-32C of it, data, masked CRC-32C of that) and protobuf's wire format.
 */

/** CRC-32C bit by bit: slow, and nothing like the writer's table. */
function crc32c(bytes: Uint8Array): bigint {
  let remainder = 0xffffffffn;
  for (const byte of bytes) {
    remainder ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder % 2n === 1n ? (remainder / 2n) ^ 0x82f63b78n : remainder / 2n;
    }
  }
  return remainder ^ 0xffffffffn;
}

function masked(bytes: Uint8Array): bigint {
  const crc = crc32c(bytes);
  const rotated = (crc >> 15n) | ((crc << 17n) & 0xffffffffn);
  return (rotated + 0xa282ead8n) & 0xffffffffn;
}

/** The records of a file; throws where a checksum is wrong or something is cut off. */
export function readRecords(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    if (BigInt(view.getUint32(at + 8, true)) !== masked(file.subarray(at, at + 8)))
      throw new Error(`a length at ${at} has a wrong checksum`);
    const data = file.subarray(at + 12, at + 12 + length);
    if (data.length !== length) throw new Error('a record is cut off');
    if (BigInt(view.getUint32(at + 12 + length, true)) !== masked(data))
      throw new Error(`a record at ${at} has a wrong checksum`);
    records.push(data);
    at += 12 + length + 4;
  }
  return records;
}

/** The fields of a protobuf message: numbers of 64 and 32 bits as their bytes, the others as they are. */
function fields(message: Uint8Array): Map<number, (bigint | Uint8Array)[]> {
  const found = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7n;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const kind = Number(key & 7n);
    const value =
      kind === 0 ? varint() : kind === 1 ? take(8) : kind === 5 ? take(4) : take(Number(varint()));
    const field = Number(key >> 3n);
    found.set(field, [...(found.get(field) ?? []), value]);
  }
  return found;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bytesOf = (value: bigint | Uint8Array | undefined) =>
  value instanceof Uint8Array ? value : new Uint8Array(0);
const textOf = (value: bigint | Uint8Array | undefined) => new TextDecoder().decode(bytesOf(value));

function doubles(value: bigint | Uint8Array | undefined): number[] {
  const bytes = bytesOf(value);
  return Array.from({ length: bytes.length / 8 }, (_, i) => viewOf(bytes).getFloat64(i * 8, true));
}

/** A number or a histogram that was read. */
export interface ReadValue {
  readonly tag: string;
  readonly number: number | undefined;
  readonly histogram:
    | {
        min: number;
        max: number;
        num: number;
        sum: number;
        sumSquares: number;
        limits: number[];
        counts: number[];
      }
    | undefined;
}

/** An event that was read. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion: string;
  readonly sessionStatus: number | undefined;
  readonly values: readonly ReadValue[];
}

function readHistogram(message: Uint8Array): NonNullable<ReadValue['histogram']> {
  const found = fields(message);
  const one = (field: number) => doubles(found.get(field)?.[0])[0] ?? 0;
  return {
    min: one(1),
    max: one(2),
    num: one(3),
    sum: one(4),
    sumSquares: one(5),
    limits: doubles(found.get(6)?.[0]),
    counts: doubles(found.get(7)?.[0]),
  };
}

function readValue(message: Uint8Array): ReadValue {
  const found = fields(message);
  const number = found.get(2)?.[0];
  const histogram = found.get(5)?.[0];
  return {
    tag: textOf(found.get(1)?.[0]),
    number: number === undefined ? undefined : viewOf(bytesOf(number)).getFloat32(0, true),
    histogram: histogram === undefined ? undefined : readHistogram(bytesOf(histogram)),
  };
}

/** The events of a file. */
export function readEvents(file: Uint8Array): ReadEvent[] {
  return readRecords(file).map(record => {
    const found = fields(record);
    const session = found.get(7)?.[0];
    return {
      wallTime: doubles(found.get(1)?.[0])[0] ?? 0,
      step: Number(found.get(2)?.[0] ?? 0),
      fileVersion: textOf(found.get(3)?.[0]),
      sessionStatus: session === undefined ? undefined : Number(fields(bytesOf(session)).get(1)?.[0]),
      values: (fields(bytesOf(found.get(5)?.[0])).get(1) ?? []).map(value => readValue(bytesOf(value))),
    };
  });
}
