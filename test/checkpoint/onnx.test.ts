/** `.onnx` files: the given ones, and models made here with tensors in every form that the format has. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import protobuf from 'protobufjs/light';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint';
import { readTensorFile } from '../../src/checkpoint/onnx/open-onnx';
import { ArraySource } from '../../src/checkpoint/source/byte-source';
import { checkpointContentSchema } from '../../src/protocol/checkpoint-schema';
import { givenData } from './support';

const field = (type: string, id: number, more: object = {}) => ({ type, id, ...more });
const many = { rule: 'repeated' };
const unpacked = { rule: 'repeated', options: { packed: false } };

/** The parts of onnx.proto that these models need. */
const { root } = protobuf.Root.fromJSON({
  nested: {
    Entry: { fields: { key: field('string', 1), value: field('string', 2) } },
    Tensor: {
      fields: {
        dims: field('int64', 1, many),
        dataType: field('int32', 2),
        floatData: field('float', 4, many),
        int32Data: field('int32', 5, many),
        int64Data: field('int64', 7, unpacked),
        name: field('string', 8),
        rawData: field('bytes', 9),
        doubleData: field('double', 10, many),
        externalData: field('Entry', 13, many),
        dataLocation: field('int32', 14),
      },
    },
    Attribute: { fields: { name: field('string', 1), t: field('Tensor', 5), ints: field('int64', 8, many) } },
    Node: {
      fields: {
        input: field('string', 1, many),
        output: field('string', 2, many),
        opType: field('string', 4),
        attribute: field('Attribute', 5, many),
      },
    },
    Graph: {
      fields: {
        node: field('Node', 1, many),
        name: field('string', 2),
        initializer: field('Tensor', 5, many),
      },
    },
    Model: {
      fields: { irVersion: field('int64', 1), producerName: field('string', 2), graph: field('Graph', 7) },
    },
  },
});

function encode(initializer: object[], node: object[] = []): Uint8Array {
  const type = root.lookupType('Model');
  const graph = { name: 'g', node, initializer };
  return type.encode(type.fromObject({ irVersion: 8, producerName: 'test', graph })).finish();
}

const open = (bytes: Uint8Array) => openCheckpoint({ bytes, name: 'x.onnx' });

describe('tensors of ONNX', () => {
  test.each<[string, object, string, ArrayLike<unknown>]>([
    [
      'raw bytes',
      { dataType: 1, rawData: new Uint8Array(Float32Array.of(1, 2).buffer) },
      'float32',
      Float32Array.of(1, 2),
    ],
    ['floats', { dataType: 1, floatData: [0.5, -2] }, 'float32', Float32Array.of(0.5, -2)],
    ['doubles', { dataType: 11, doubleData: [0.1, 1e300] }, 'float64', Float64Array.of(0.1, 1e300)],
    ['long ints, one by one', { dataType: 7, int64Data: [-1, 5] }, 'int64', BigInt64Array.of(-1n, 5n)],
    ['ints', { dataType: 6, int32Data: [-7, 2 ** 31 - 1] }, 'int32', Int32Array.of(-7, 2 ** 31 - 1)],
    ['small ints', { dataType: 3, int32Data: [-7, 127] }, 'int8', Int32Array.of(-7, 127)],
    ['bytes', { dataType: 2, int32Data: [0, 255] }, 'uint8', Uint8Array.of(0, 255)],
    ['halves', { dataType: 10, int32Data: [0x3c00, 0xc000] }, 'float16', Float32Array.of(1, -2)],
  ])('%s', async (_, content, dtype, data) => {
    const file = await open(encode([{ name: 'w', dims: [2], ...content }]));
    expect(file.tensors).toMatchObject([{ name: 'w', dtype, shape: [2] }]);
    expect((await file.readTensor('w')).data).toEqual(data);
  });

  test('constants count, too', async () => {
    const value = { dims: [2], dataType: 1, floatData: [1, 2] };
    const node = { opType: 'Constant', output: ['c'], attribute: [{ name: 'value', t: value }] };
    const file = await open(encode([], [node]));
    expect((await file.readTensor('c')).data).toEqual(Float32Array.of(1, 2));
    expect(file.graph?.nodes).toMatchObject([
      { operator: 'Constant', attributes: [['value', 'float32 [2]']] },
    ]);
  });

  test.each([
    ['too few bytes', { dims: [2], dataType: 1, rawData: new Uint8Array(4) }, 'expected 8 bytes, found 4'],
    ['too few elements', { dims: [3], dataType: 1, floatData: [1, 2] }, 'expected 12 bytes, found 8'],
    ['too many elements', { dims: [1], dataType: 1, floatData: [1, 2] }, 'it has too many elements'],
    [
      'an enormous shape',
      { dims: [2 ** 40, 2 ** 40], dataType: 1, floatData: [1] },
      'has more elements than a file can hold',
    ],
    [
      'a shape larger than the file',
      { dims: [2 ** 20, 2 ** 20], dataType: 1, floatData: [1] },
      'it has too few elements',
    ],
    ['texts', { dims: [1], dataType: 8 }, 'has elements of string, which are not read'],
  ])('%s are a problem of that tensor', async (_, content, problem) => {
    const file = await open(encode([{ name: 'w', ...content }]));
    expect(checkpointContentSchema.safeParse(file).success).toBe(true);
    await expect(file.readTensor('w')).rejects.toThrow(problem);
  });

  test('of one name are numbered, however many there are', async () => {
    const file = await open(encode(Array.from({ length: 30_000 }, () => ({ dims: [0], dataType: 1 }))));
    expect(file.tensors.slice(0, 3).map(({ name }) => name)).toEqual(['', ' (2)', ' (3)']);
    expect(file.tensors.at(-1)?.name).toBe(' (30000)');
  });

  test('come with every operator set', async () => {
    const operatorSet = Uint8Array.of(0x42, 2, 0x10, 5);
    const file = await open(
      Buffer.concat([encode([]), ...Array.from({ length: 30_000 }, () => operatorSet)]),
    );
    expect(file.metadata).toContainEqual(['operator sets', new Array(30_000).fill('ai.onnx 5').join(', ')]);
  });
});

describe('data in other files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'descent-onnx-'));
    mkdirSync(join(folder, 'model'));
    writeFileSync(join(folder, 'secret'), 'x'.repeat(100));
    writeFileSync(join(folder, 'model', 'weights.bin'), new Uint8Array(Float32Array.of(9, 1, 2).buffer));
    symlinkSync('../secret', join(folder, 'model', 'link'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const reading = async (location: string, offset = 4) => {
    const path = join(folder, 'model', 'x.onnx');
    const externalData = Object.entries({ location, offset: String(offset), length: '8' });
    const places = externalData.map(([key, value]) => ({ key, value }));
    writeFileSync(
      path,
      encode([{ name: 'w', dims: [2], dataType: 1, dataLocation: 1, externalData: places }]),
    );
    const file = await openCheckpoint(path);
    const { data } = await file.readTensor('w').finally(() => file.close());
    return data;
  };

  test('are read', async () => {
    expect(await reading('weights.bin')).toEqual(Float32Array.of(1, 2));
  });

  test.each([
    ['../secret', 4, /refers to the file "..\/secret" outside of its folder/],
    ['/etc/passwd', 4, /refers to the file "\/etc\/passwd" outside of its folder/],
    ['link', 4, /refers to the file "link" outside of its folder/],
    ['a/../../secret', 4, /outside of its folder/],
    ['weights.bin', 8, /lies in "weights.bin" at byte 8, which ends at 12/],
    ['weights.bin', -4, /lies in "weights.bin" at byte -4/],
    ['nothing.bin', 4, /there is no such file/],
    ['', 4, /outside of its folder/],
  ])('%s at %d is refused', async (location, offset, problem) => {
    await expect(reading(location, offset)).rejects.toThrow(problem);
  });
});

const given = givenData('onnx');

describe.skipIf(given === undefined)('given models', () => {
  test('are opened with their graph', async () => {
    const file = await openCheckpoint(join(given ?? '', 'mnist-8.onnx'));
    expect(file).toMatchObject({ format: 'onnx', writer: 'CNTK 2.5.1', parameters: 5994, warnings: [] });
    expect(file.graph).toMatchObject({
      inputs: [{ name: 'Input3', dtype: 'float32', shape: [1, 1, 28, 28] }],
      outputs: [{ name: 'Plus214_Output_0', shape: [1, 10] }],
    });
    expect(file.graph?.nodes.map(({ operator }) => operator)).toContain('Conv');
    const other = await openCheckpoint(join(given ?? '', 'pytorch-cnn.onnx'));
    expect(other.tensors.map(({ name }) => name)).toContain('fc2.bias');
  });

  test('give the outputs of their test data in ONNX Runtime', async () => {
    const session = await InferenceSession.create(join(given ?? '', 'mnist-8.onnx'));
    const read = (set: number, name: string) => {
      const path = join(given ?? '', 'mnist-8_test_data', `test_data_set_${set}`, name);
      return readTensorFile(new ArraySource(readFileSync(path), path));
    };
    for (const set of [0, 1, 2]) {
      const [input, expected] = [read(set, 'input_0.pb'), read(set, 'output_0.pb')];
      if (!(input.data instanceof Float32Array)) throw new Error('expected float32');
      const feeds = { Input3: new OrtTensor('float32', input.data, [...input.shape]) };
      const { Plus214_Output_0: output } = await session.run(feeds);
      expect(output?.dims).toEqual(expected.shape);
      const values = [...expected.data].map(Number);
      const largest = Math.max(...values.map(Math.abs));
      values.forEach((value, i) => {
        expect(Math.abs(Number(output?.data[i]) - value)).toBeLessThan(1e-5 * largest);
      });
    }
  });
});
