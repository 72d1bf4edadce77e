/** What is rarer than a `state_dict`: TorchScript, quantized tensors, pickles of NumPy's arrays. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type CheckpointFile, openCheckpoint } from '../../src/checkpoint';
import { runPython, withoutPython } from './python';

const lists = z.record(z.string(), z.array(z.number()));
const expectedSchema = z.object({ state: lists, quantized: lists, arrays: lists });

describe.skipIf(withoutPython)('unusual files', () => {
  let folder: string;
  let expected: z.infer<typeof expectedSchema>;
  const open = (name: string) => openCheckpoint(join(folder, name));
  const values = async (file: CheckpointFile, name: string) =>
    [...(await file.readTensor(name)).data].map(Number);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'descent-unusual-'));
    runPython('script_peer.py', folder);
    expected = expectedSchema.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(['script.pt', 'trace.pt'])('%s: tensors, modules and code of TorchScript', async name => {
    const file = await open(name);
    expect(file).toMatchObject({ format: 'torchscript', imports: [], warnings: [] });
    const names = file.tensors.map(tensor => tensor.name);
    for (const [key, data] of Object.entries(expected.state)) {
      // A traced module has no use for what evaluation does not use.
      if (!names.includes(key) && key.endsWith('num_batches_tracked')) continue;
      expect(await values(file, key), key).toEqual(data);
    }
    const constants = await Promise.all(
      names.filter(key => key.startsWith('constants/')).map(key => values(file, key)),
    );
    const folded = [
      [1, 2, 3],
      [0.5, 0.25, 0.125],
    ];
    expect(constants).toEqual(name === 'trace.pt' ? folded : []);
    expect(file.modules?.map(({ path, className }) => [path.join('.'), className])).toContainEqual([
      'body.0',
      'torch.nn.modules.conv.Conv2d',
    ]);
    const code = file.texts?.map(text => text.name) ?? [];
    expect(code.some(path => path.startsWith('code/__torch__/') && path.includes('linear'))).toBe(true);
    expect(await file.readText(code[0] ?? '')).toMatch(/class |def /);
    await expect(file.readText('data.pkl')).rejects.toThrow('has no text "data.pkl"');
  });

  test('quantized tensors with their scales', async () => {
    const file = await open('quantized.pt');
    expect(file.imports).toEqual([]);
    expect(file.tensors).toMatchObject([
      {
        name: 'whole',
        dtype: 'quint8',
        shape: [3, 4],
        quantization: { scheme: 'per_tensor_affine', scales: [0.1], zeroPoints: [10] },
      },
      {
        name: 'channels',
        dtype: 'qint8',
        shape: [3, 4],
        quantization: { scheme: 'per_channel_affine', axis: 0, zeroPoints: [0, 1, 2] },
      },
    ]);
    for (const [name, data] of Object.entries(expected.quantized))
      expect(await values(file, name)).toEqual(data);
  });

  test.each(['numpy.pt', ...[0, 1, 2, 3, 4, 5].map(protocol => `numpy-${protocol}.pkl`)])(
    '%s: NumPy arrays within a pickle',
    async name => {
      const file = await open(name);
      expect(file.format).toBe(name.endsWith('.pt') ? 'torch-zip' : 'pickle');
      for (const [key, data] of Object.entries(expected.arrays)) {
        expect(await values(file, `layer/${key}`), key).toEqual(data);
      }
      expect(file.tensors.map(({ dtype }) => dtype)).toEqual(['float64', 'int32', 'float16', 'bool']);
      expect(file.imports).toContain('numpy.dtype');
    },
  );
});
