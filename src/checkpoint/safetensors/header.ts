/**
 * The header of a `.safetensors` file: its length in eight bytes, and JSON that says of each tensor its type, its shape
 * and where in the rest of the file its elements lie. All of the format's rules are checked
 * (https://github.com/huggingface/safetensors#format).
 */
import * as z from 'zod';
import { type ElementType, elementTypes } from '../elements';
import { CheckpointError, quote } from '../errors';
import { decodeUtf8 } from '../pickle/cursor';
import type { ByteSource } from '../source/byte-source';
import { elementCount } from '../stored';
import { repeatedKey } from './repeated-key';

/** The longest header that the format allows. */
const maxHeader = 100_000_000;

/** Names of the format for PyTorch's element types. */
export const typeNames: ReadonlyMap<string, string> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U64', 'uint64'],
  ['U32', 'uint32'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
  ['C64', 'complex64'],
  ['F8_E4M3', 'float8_e4m3fn'],
  ['F8_E5M2', 'float8_e5m2'],
  ['F8_E8M0', 'float8_e8m0fnu'],
]);

const size = z.int().min(0);
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(size).max(64),
  data_offsets: z.tuple([size, size]),
});
const metadataSchema = z.record(z.string(), z.string());

/** A tensor of the header; `start` is its place in the file. */
export interface HeaderEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly length: number;
}

/** What a header says. */
export interface Header {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: readonly (readonly [string, string])[];
}

/** Reads and checks the header. */
export function readHeader(source: ByteSource): Header {
  if (source.size < 8) throw new CheckpointError(`is cut off: expected a header, found ${source.size} bytes`);
  const start = source.read(0, 8);
  const announced = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (announced > BigInt(maxHeader)) {
    throw new CheckpointError(
      `is damaged: announces a header of ${announced} bytes, at most ${maxHeader} are allowed`,
    );
  }
  const length = Number(announced);
  if (8 + length > source.size) {
    throw new CheckpointError(`is cut off: expected a header of ${length} bytes, found ${source.size - 8}`);
  }
  const json = parse(source.read(8, length));
  const metadata: [string, string][] = [];
  const entries: HeaderEntry[] = [];
  for (const [name, value] of json) {
    if (name === '__metadata__') {
      for (const pair of Object.entries(checked(metadataSchema, value, name))) metadata.push(pair);
    } else entries.push(toEntry(name, value, 8 + length));
  }
  entries.sort((a, b) => a.start - b.start || a.length - b.length);
  checkPlaces(entries, 8 + length, source.size);
  return { entries, metadata };
}

/** The members of the JSON object. */
function parse(bytes: Uint8Array): [string, unknown][] {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new CheckpointError('is damaged: its header is no UTF-8 text');
  if (!text.startsWith('{')) throw new CheckpointError('is damaged: its header does not begin with "{"');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CheckpointError('is damaged: its header is no JSON');
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined)
    throw new CheckpointError(`is damaged: its header names ${quote(repeated)} twice`);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new CheckpointError(
    `is damaged: its header describes ${quote(name)} wrongly (${at}${issue?.message ?? 'unexpected'})`,
  );
}

function toEntry(name: string, value: unknown, dataStart: number): HeaderEntry {
  const { dtype, shape, data_offsets } = checked(entrySchema, value, name);
  const [begin, end] = data_offsets;
  const type = elementTypes.get(typeNames.get(dtype) ?? '');
  if (type === undefined)
    throw new CheckpointError(`has the tensor ${quote(name)} of the unknown type ${quote(dtype)}`);
  const expected = elementCount(shape) * type.bytes;
  if (end < begin || end - begin !== expected) {
    throw new CheckpointError(
      `is damaged: ${quote(name)} of type ${dtype} and shape [${shape.join(', ')}] needs ${expected} bytes, its offsets say ${end - begin}`,
    );
  }
  return { name, type, shape, start: dataStart + begin, length: end - begin };
}

/** One tensor begins where the other ends, the first at the header and the last to the end of the file. */
function checkPlaces(entries: readonly HeaderEntry[], dataStart: number, fileSize: number): void {
  let at = dataStart;
  for (const { name, start, length } of entries) {
    if (start !== at) {
      throw new CheckpointError(
        `is damaged: ${quote(name)} should begin at byte ${at - dataStart} of the data, but begins at ${start - dataStart}`,
      );
    }
    at += length;
  }
  if (at > fileSize) {
    throw new CheckpointError(`is cut off: expected ${at} bytes, found ${fileSize}; copy it again`);
  }
  if (at < fileSize) {
    throw new CheckpointError(`is damaged: ${fileSize - at} bytes at its end belong to no tensor`);
  }
}
