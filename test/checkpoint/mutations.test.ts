/**
 * Files of every format, damaged at random and cut off anywhere: each opens and its tensors are read, or it is refused in
 * one line, soon, and without more memory than some multiple of its size. `DESCENT_MUTATIONS=10000` for many more.
 */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import {
  CheckpointError,
  dict,
  int,
  openCheckpoint,
  type Stored,
  type StoredTensor,
  stateDict,
  Tuple,
  writeCheckpoint,
  writeSafetensors,
} from '../../src/checkpoint';
import { ArraySource } from '../../src/checkpoint/source/byte-source';
import { ZipArchive } from '../../src/checkpoint/zip/archive';
import { nn, toOnnx } from '../../src/engine';
import { archiveOf, bytesOf, legacyFile, pickleOf } from './support';

const runs = Number(process.env['DESCENT_MUTATIONS'] ?? 150);

const weight: StoredTensor = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
const half: StoredTensor = {
  dtype: 'float32',
  shape: [3],
  data: Float32Array.of(1, 2, 3),
  storedAs: 'float16',
};
const steps: StoredTensor = { dtype: 'int64', shape: [], data: BigInt64Array.of(5n) };

const torchFile = () =>
  writeCheckpoint(
    dict({
      model: stateDict({ weight, half, steps }),
      optimizer: dict({
        state: new Map<bigint, Stored>([[0n, [0.5, new Tuple([null, true])]]]),
        param_groups: [],
      }),
      epoch: int(3),
      sets: [new Set([1n]), Uint8Array.of(1, 200)],
    }),
  );

function npy(): Uint8Array {
  const header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }".padEnd(117);
  const start = bytesOf(`\x93NUMPY\x01\x00\x76\x00${header}\n`);
  return Buffer.concat([start, new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)]);
}

/** The archive of a file of PyTorch with its pickle or, with `name`, another entry changed. */
function repacked(change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const archive = new ZipArchive(new ArraySource(torchFile(), 'x.pt'));
  const entries = archive.names.map(name => [name, archive.read(name) ?? new Uint8Array(0)] as const);
  const { 'archive/data.pkl': pickle = new Uint8Array(0), ...others } = Object.fromEntries(entries);
  return archiveOf(change(pickle), others);
}

const script = () => {
  const module =
    '\x80\x02c__torch__\nNet\n)\x81}(X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage' +
    'ctorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQK\x00K\x02\x85K\x01\x85\x89NtRub.';
  return archiveOf(module, {
    'archive/data/0': new Uint8Array(8),
    'archive/constants.pkl': bytesOf('\x80\x02).'),
    'archive/code/__torch__.py': bytesOf('class Net(Module):\n  pass\n'),
  });
};

/** Formats with a small file of each, and for some a way in which what is inside can be damaged alone. */
const makers: readonly (readonly [string, () => Uint8Array | Promise<Uint8Array>])[] = [
  ['torch-zip', torchFile],
  ['torch-legacy', legacyFile],
  ['torchscript', script],
  ['pickle', () => pickleOf(new Map<string, Stored>([['a', [1n, 'x', new Tuple([0.5, null])]]]))],
  [
    'safetensors',
    () =>
      writeSafetensors(
        new Map([
          ['weight', weight],
          ['half', half],
        ]),
        { format: 'pt' },
      ),
  ],
  ['onnx', () => toOnnx(new nn.Sequential(new nn.Linear(3, 2), new nn.ReLU()), { sample: [3] })],
  ['npy', npy],
  ['npz', () => zipSync({ 'a.npy': npy(), 'b.npy': npy() }, { level: 0 })],
  ['packed npz', () => zipSync({ 'a.npy': npy() }, { level: 9 })],
];

/** Opens a file and reads all that is in it; whether that worked. Fails on any other error than a clear one. */
async function survives(bytes: Uint8Array): Promise<boolean> {
  try {
    const file = await openCheckpoint({ bytes, name: 'x.bin' });
    for (const { name, problem } of file.tensors) {
      try {
        const { data } = await file.readTensor(name);
        expect(data.byteLength).toBeLessThan(64 * 2 ** 20 + 16 * bytes.length);
        expect(problem).toBeUndefined();
      } catch (error) {
        clear(error);
      }
    }
    for (const { name } of file.texts ?? []) await file.readText(name).catch(clear);
    return true;
  } catch (error) {
    clear(error);
    return false;
  }
}

function clear(error: unknown): void {
  if (!(error instanceof CheckpointError)) throw error;
  expect(error.message).toMatch(/^x\.bin: [^\n]+$/);
}

/** A place in the file as a share of its length, and what is done there. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  kind: fc.constantFrom('byte', 'edge', 'bit', 'remove', 'repeat', 'move', 'wide'),
  value: fc.nat(255),
  length: fc.nat(40),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let changed = Buffer.from(bytes);
  for (const { at: share, kind, value, length } of mutations) {
    const at = Math.floor(share * changed.length);
    const end = Math.min(changed.length, at + length);
    if (kind === 'byte') changed[at] = value;
    else if (kind === 'edge') changed[at] = [0, 1, 0x7f, 0x80, 0xff][value % 5] ?? 0;
    else if (kind === 'bit') changed[at] = (changed[at] ?? 0) ^ (1 << (value % 8));
    else if (kind === 'remove') changed = Buffer.concat([changed.subarray(0, at), changed.subarray(end)]);
    else if (kind === 'repeat') changed = Buffer.concat([changed.subarray(0, end), changed.subarray(at)]);
    else if (kind === 'move') changed.copyWithin(at, Math.floor((value / 256) * changed.length));
    // A number of 64 bits that is far too large.
    else if (at + 8 <= changed.length)
      changed.writeBigUInt64LE(2n ** BigInt(value % 64) - BigInt(value % 2), at);
  }
  return changed;
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 });

/** Nothing takes long: a file of a few hundred bytes is read in moments, whatever is in it. */
const limit = 30_000;

async function check(make: (change: (bytes: Uint8Array) => Uint8Array) => Uint8Array): Promise<void> {
  await fc.assert(
    fc.asyncProperty(mutations, async changes => {
      // Whoever runs the tests is heard meanwhile.
      await setImmediate();
      const started = performance.now();
      await survives(make(bytes => mutate(bytes, changes)));
      expect(performance.now() - started).toBeLessThan(limit);
    }),
    { numRuns: runs, seed: 1 },
  );
}

describe.each(makers)('%s', (format, make) => {
  test('is good before it is damaged', async () => {
    const file = await openCheckpoint({ bytes: await make(), name: 'x.bin' });
    expect(format).toContain(file.format);
    expect(await survives(await make())).toBe(true);
  });

  test('that is cut off anywhere is refused, or short of a tensor', async () => {
    const bytes = await make();
    for (let length = 0; length < bytes.length; length++) {
      const whole = await survives(bytes.subarray(0, length));
      // A model's last bytes may be what others do without.
      if (format !== 'onnx') expect(whole, `${length} bytes`).toBe(false);
    }
  });

  test('that is changed anywhere is read or refused', async () => {
    const bytes = await make();
    await check(change => change(bytes));
  }, 3_600_000);
});

test(
  'a pickle that is changed within an archive in order is read or refused',
  () => check(repacked),
  3_600_000,
);

test('an array that is changed within an archive in order is read or refused', () => {
  return check(change => zipSync({ 'a.npy': change(npy()) }, { level: 6 }));
}, 3_600_000);
