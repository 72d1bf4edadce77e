/**
 * What several tests of checkpoints need: a description of values that Python can give too, small files,
 * and hand-written pickles.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import {
  CheckpointError,
  OrderedDict,
  readCheckpoint,
  type Stored,
  Tuple,
  Unresolved,
} from '../../src/checkpoint';
import { PickleWriter } from '../../src/checkpoint/pickle/writer';

/** A value as JSON in which nothing is lost: ints and floats apart, floats and tensors by their bytes. */
export type Description = readonly [kind: string, ...content: unknown[]];

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function hexOfFloat(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

/** Describes a value; `torch_peer.py` has the same function. */
export function describeValue(value: Stored): Description {
  if (value === null) return ['none'];
  if (typeof value === 'boolean') return ['bool', value];
  if (typeof value === 'number') return ['float', hexOfFloat(value)];
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value === 'string') return ['str', value];
  if (value instanceof Uint8Array) return ['bytes', hex(value)];
  if (Array.isArray(value)) return ['list', value.map(describeValue)];
  if (value instanceof Tuple) return ['tuple', value.items.map(describeValue)];
  if (value instanceof Set) return ['set', [...value].map(describeValue).sort(byText)];
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [describeValue(key), describeValue(item)]);
    return value instanceof OrderedDict
      ? ['ordered', entries, describeValue(new Map(value.attributes))]
      : ['dict', entries];
  }
  if (value instanceof Unresolved) return ['unresolved', value.name, describeValue([...(value.args ?? [])])];
  const { dtype, shape, data } = value;
  return ['tensor', dtype, [...shape], hex(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

function byText(a: Description, b: Description): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** The message of the `CheckpointError` that `run` ends in; fails where it ends in none, or in another error. */
export function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CheckpointError) return error.message;
    throw error;
  }
  throw new Error('expected a CheckpointError, and there was none');
}

/** Bytes out of text of which each character stands for one byte. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** A zip archive with this pickle and these records. */
export function archiveOf(pickle: string | Uint8Array, records: Record<string, Uint8Array> = {}): Uint8Array {
  const content = typeof pickle === 'string' ? bytesOf(pickle) : pickle;
  return zipSync({ 'archive/data.pkl': content, ...records }, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** The value of a pickle, read as a checkpoint. */
export function readPickle(pickle: string | Uint8Array, records: Record<string, Uint8Array> = {}): Stored {
  return readCheckpoint(archiveOf(pickle, records), 'hostile.pt').value;
}

/** The pickle of a value without tensors. */
export function pickleOf(value: Stored): Uint8Array {
  const writer = new PickleWriter(() => {
    throw new Error('no tensors here');
  });
  writer.save(value);
  return writer.finish();
}

/** A file of the old format with one float32 tensor, `{'weight': tensor([1., 2., 3.])}`. */
export function legacyFile(): Uint8Array {
  const storage = new Uint8Array(8 + 12);
  const view = new DataView(storage.buffer);
  view.setBigUint64(0, 3n, true);
  for (let i = 0; i < 3; i++) view.setFloat32(8 + 4 * i, i + 1, true);
  const value =
    '\x80\x02}X\x06\x00\x00\x00weightctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage' +
    'ctorch\nFloatStorage\nX\x02\x00\x00\x0077X\x03\x00\x00\x00cpuK\x03NtQK\x00K\x03\x85K\x01\x85\x89NtRs.';
  return Buffer.concat([
    bytesOf('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'),
    pickleOf(1001n),
    pickleOf(new Map([['little_endian', true]])),
    bytesOf(value),
    pickleOf(['77']),
    storage,
  ]);
}

/** A generator of the same numbers in [0, 1) at every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A folder of files that others wrote; undefined where it is not on this machine. */
export function givenData(name: string): string | undefined {
  const { DESCENT_DATA } = process.env;
  const folder = join(DESCENT_DATA ?? join(import.meta.dirname, '../../../shared/data'), name);
  return existsSync(folder) ? folder : undefined;
}
