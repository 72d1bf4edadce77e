/** Models that others have made, on real digits. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ForeignModel } from '../../../src/engine';
import { evaluateCheckpoint } from '../../../src/training';
import { failureOf } from '../support';

const data = process.env['DESCENT_DATA'] ?? path.join(import.meta.dirname, '../../../../shared/data');
const skip = !existsSync(path.join(data, 'onnx'));
if (skip) console.warn(`Skipped: no models at ${data}; set DESCENT_DATA to the folder of the data.`);

/** The numbers of a `TensorProto` of float32: field 4 as single numbers, or field 9 as they lie in memory. */
function tensorProto(file: string): Float32Array {
  const bytes = readFileSync(file);
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) === 2) {
      const length = varint();
      const field = tag >> 3;
      if (field === 4 || field === 9)
        return new Float32Array(new Uint8Array(bytes.subarray(at, at + length)).buffer);
      at += length;
    } else if ((tag & 7) === 0) varint();
    else throw new Error(`${file}: unexpected field`);
  }
  throw new Error(`${file}: no numbers`);
}

describe.skipIf(skip)('given models', () => {
  const mnist = path.join(data, 'mnist');

  test('mnist-8.onnx gives the outputs of its test data sets', async () => {
    const model = await ForeignModel.open(path.join(data, 'onnx', 'mnist-8.onnx'));
    const sets = path.join(data, 'onnx', 'mnist-8_test_data');
    for (const name of readdirSync(sets)) {
      const input = tensorProto(path.join(sets, name, 'input_0.pb'));
      const expected = tensorProto(path.join(sets, name, 'output_0.pb'));
      const found = await model.run(
        'Input3',
        { dtype: 'float32', shape: [1, 1, 28, 28], data: input },
        'Plus214_Output_0',
      );
      expected.forEach((value, i) => {
        expect(Math.abs((found[i] ?? Number.NaN) - value)).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
      });
    }
    await model.release();
  });

  test.each([
    [
      'onnx/mnist-8.onnx',
      0.985,
      /^Input3, float32 \[1, 1, 28, 28\], one image at a time; pixels from 0 to 1:/,
    ],
    ['checkpoints/zip-state-dict-cnn.pth', 0.957, /^pixels from 0 to 1: /],
    ['checkpoints/zip-whole-module.pt', 0.992, /mean 0\.1307/],
    ['checkpoints/legacy-state-dict.pt', 0.983, /mean 0\.1307/],
    ['checkpoints/legacy-whole-module.pkl', 0.987, /^pixels from 0 to 1: /],
  ])('%s knows MNIST', async (file, accuracy, input) => {
    const report = await evaluateCheckpoint({ file: path.join(data, file), folder: mnist }, 'test');
    expect(report.accuracy).toBeGreaterThanOrEqual(accuracy);
    expect(report.assumptions.find(({ about }) => about === 'input')?.text).toMatch(input);
    expect(report.total).toBe(10_000);
  });

  test.each([
    [
      'checkpoints/zip-small.pt',
      /expected the weights of Linear, Conv2d and BatchNorm layers .* found test \[2, 4\]/,
    ],
    [
      'checkpoints/zip-checkpoint-dict.pt',
      /does not fit the data in mnist: it takes 5 numbers and knows 3 classes/,
    ],
  ])('%s is refused in one line', async (file, message) => {
    expect(
      await failureOf(evaluateCheckpoint({ file: path.join(data, file), folder: mnist }, 'test')),
    ).toMatch(message);
  });
});
