/**
 * Checkpoints that are opened without reading their tensors: what is listed, and that no more is read than was asked for.
 */
import { describe, expect, test } from 'vitest';
import {
  CheckpointError,
  dict,
  int,
  openCheckpoint,
  openSource,
  stateDict,
  writeCheckpoint,
} from '../../src/checkpoint';
import { ArraySource } from '../../src/checkpoint/source/byte-source';
import { archiveOf, bytesOf, legacyFile } from './support';

const mega = 1_000_000;

function large(): Uint8Array {
  const weight = { dtype: 'float32', shape: [1000, 1000], data: new Float32Array(mega).fill(2) } as const;
  const small = { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) } as const;
  return writeCheckpoint(
    dict({
      model: stateDict({ 'fc.weight': weight, 'bn.running_mean': small }),
      optimizer: dict({
        state: new Map([[0n, dict({ exp_avg: { ...weight, data: weight.data.slice() } })]]),
        param_groups: [dict({ lr: 0.1, params: [int(0)] })],
      }),
      epoch: int(3),
    }),
  );
}

/** Counts the bytes that are read. */
class Counting extends ArraySource {
  count = 0;
  closed = false;
  override read(offset: number, length: number): Uint8Array {
    this.count += length;
    return super.read(offset, length);
  }
  override close(): void {
    this.closed = true;
  }
}

describe('an open checkpoint', () => {
  test('lists its tensors and what it is nested of', async () => {
    const file = await openCheckpoint({ bytes: large(), name: 'last.pt' });
    expect(file).toMatchObject({
      name: 'last.pt',
      format: 'torch-zip',
      parameters: mega,
      imports: [],
      warnings: [],
    });
    expect(file.tensors).toMatchObject([
      { name: 'model/fc.weight', path: ['model', 'fc', 'weight'], role: 'parameter', bytes: 4 * mega },
      { name: 'model/bn.running_mean', path: ['model', 'bn', 'running_mean'], role: 'buffer' },
      { name: 'optimizer/state/0/exp_avg', path: ['optimizer', 'state', '0', 'exp_avg'], role: 'optimizer' },
    ]);
    expect(file.structure?.children?.map(({ key, type, text }) => [key, type, text])).toEqual([
      ['model', 'dict', undefined],
      ['optimizer', 'dict', undefined],
      ['epoch', 'int', '3'],
    ]);
  });

  test('reads no tensor that nobody looks at', async () => {
    const source = new Counting(large(), 'last.pt');
    const file = await openSource(source);
    expect(source.count).toBeLessThan(200_000);
    const { data } = await file.readTensor('model/bn.running_mean');
    expect(data).toEqual(Float32Array.of(1, 2, 3));
    expect(source.count).toBeLessThan(300_000);
    expect((await file.readTensor('model/fc.weight')).data).toHaveLength(mega);
    expect(source.count).toBeGreaterThan(4 * mega);
    expect(source.count).toBeLessThan(5 * mega);
    file.close();
    expect(source.closed).toBe(true);
  });

  test('names a tensor that is not there, and one that is cut off', async () => {
    const file = await openCheckpoint({ bytes: legacyFile(), name: 'old.pt' });
    expect(file.format).toBe('torch-legacy');
    await expect(file.readTensor('nothing')).rejects.toThrow('old.pt: has no tensor "nothing"');
  });

  test('opens although a tensor lies outside of its storage, and says so', async () => {
    const pickle =
      '\x80\x02}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n' +
      'X\x01\x00\x00\x000NK\x02tQK\x02K\x01\x85K\x01\x85\x89NtRs.';
    const file = await openCheckpoint({
      bytes: archiveOf(pickle, { 'archive/data/0': new Uint8Array(8) }),
      name: 'x.pt',
    });
    const problem = 'is damaged: a tensor of shape (1) reaches element 2 of a storage of 2';
    expect(file.tensors).toMatchObject([{ name: 'w', problem }]);
    expect(file.warnings).toEqual([`w: ${problem}`]);
    await expect(file.readTensor('w')).rejects.toThrow(`x.pt: ${problem}`);
  });

  test('lists what it would import', async () => {
    const pickle = bytesOf(
      '\x80\x02}(X\x01\x00\x00\x00acos\nsystem\nX\x02\x00\x00\x00ls\x85RX\x01\x00\x00\x00bK\x01u.',
    );
    const file = await openCheckpoint({ bytes: archiveOf(pickle), name: 'x.pt' });
    expect(file.imports).toEqual(['os.system']);
    expect(file.warnings).toEqual([expect.stringMatching(/^Do not load this file in Python: .*os\.system/)]);
    expect(file.structure?.children).toMatchObject([
      { key: 'a', type: 'os.system', children: [{ text: "'ls'" }] },
      { key: 'b', text: '1' },
    ]);
  });

  test('a file that is missing, a folder, and something else are named', async () => {
    await expect(openCheckpoint('/nowhere/x.pt')).rejects.toThrow(
      '/nowhere/x.pt: cannot be read: there is no such file',
    );
    await expect(openCheckpoint(import.meta.dirname)).rejects.toThrow('expected a file, found a folder');
    const html = { bytes: bytesOf('<!doctype html>'), name: 'x.pt' };
    await expect(openCheckpoint(html)).rejects.toThrow(CheckpointError);
    await expect(openCheckpoint(html)).rejects.toThrow('x.pt: expected a checkpoint, found an HTML page');
  });
});
