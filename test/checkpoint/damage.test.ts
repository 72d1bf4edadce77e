/**
 * Files that were cut off or changed anywhere: each is read, or refused in one line, and soon.
 */
import { describe, expect, test } from 'vitest';
import {
  CheckpointError,
  dict,
  elementCount,
  int,
  readCheckpoint,
  type Stored,
  stateDict,
  Tuple,
  tensorsIn,
  writeCheckpoint,
} from '../../src/checkpoint';
import { ArraySource } from '../../src/checkpoint/source/byte-source';
import { ZipArchive } from '../../src/checkpoint/zip/archive';
import { archiveOf, legacyFile, problemOf, random } from './support';

const small = (): Uint8Array =>
  writeCheckpoint(
    dict({
      model: stateDict({
        weight: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
        steps: { dtype: 'int64', shape: [], data: BigInt64Array.of(5n) },
      }),
      optimizer: dict({ state: new Map<bigint, Stored>([[0n, [0.5, new Tuple([null, true])]]]) }),
      epoch: int(3),
      sets: [new Set([1n]), Uint8Array.of(1, 200)],
    }),
  );

/** Reads; gives whether that worked, and fails on any error but a `CheckpointError` of one line. */
function survives(bytes: Uint8Array): boolean {
  try {
    const { value } = readCheckpoint(bytes, 'runs/x/model.pt');
    for (const { tensor } of tensorsIn(value)) expect(tensor.data.length).toBe(elementCount(tensor.shape));
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    expect(error.message).toMatch(/^runs\/x\/model\.pt: .+$/);
    return false;
  }
}

describe.each([
  ['zip', small],
  ['legacy', legacyFile],
])('a %s file', (_, make) => {
  test('is good before it is damaged', () => expect(survives(make())).toBe(true));

  test('that is cut off at any byte is an error', () => {
    const bytes = make();
    for (let length = 0; length < bytes.length; length++) {
      const message = problemOf(() => readCheckpoint(bytes.subarray(0, length), 'x.pt'));
      expect(message).toMatch(/^x\.pt: .+$/);
    }
  });

  test('in which any byte has a bit flipped is read or refused', () => {
    const bytes = make();
    for (let bit = 0; bit < 8 * bytes.length; bit += 3) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      survives(changed);
    }
  });

  test('with 2,000 random changes is read or refused', () => {
    const bytes = make();
    const next = random(1);
    let refused = 0;
    for (let run = 0; run < 2000; run++) refused += survives(mutate(bytes, next)) ? 0 : 1;
    expect(refused).toBeGreaterThan(200);
    expect(refused).toBeLessThan(2000);
  });
});

test('a pickle with 2,000 random changes, in an archive that is in order, is read or refused', () => {
  const archive = new ZipArchive(new ArraySource(small(), 'small.pt'));
  const read = (name: string) => archive.read(`archive/${name}`) ?? new Uint8Array(0);
  const records = { 'archive/data/0': read('data/0'), 'archive/data/1': read('data/1') };
  expect(survives(archiveOf(read('data.pkl'), records))).toBe(true);
  const next = random(2);
  let refused = 0;
  for (let run = 0; run < 2000; run++)
    refused += survives(archiveOf(mutate(read('data.pkl'), next), records)) ? 0 : 1;
  expect(refused).toBeGreaterThan(200);
  expect(refused).toBeLessThan(2000);
});

/** A copy in which one to eight bytes or runs of bytes were changed, removed, repeated or moved. */
function mutate(bytes: Uint8Array, next: () => number): Uint8Array {
  let changed = Buffer.from(bytes);
  for (let count = 1 + Math.floor(next() ** 2 * 8); count > 0; count--) {
    const at = Math.floor(next() * changed.length);
    const end = at + Math.floor(next() ** 3 * 40);
    const way = next();
    if (way < 0.5) changed[at] = Math.floor(next() * 256);
    else if (way < 0.65) changed[at] = [0, 1, 0x7f, 0x80, 0xff][Math.floor(next() * 5)] ?? 0;
    else if (way < 0.75) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(end)]);
    else if (way < 0.9) changed = Buffer.concat([changed.subarray(0, end), changed.subarray(at)]);
    else changed.copyWithin(at, Math.floor(next() * changed.length), changed.length);
  }
  return changed;
}
