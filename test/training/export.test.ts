/** Exported checkpoints, as ONNX Runtime and PyTorch see them. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openCheckpoint } from '../../src/checkpoint';
import { fromArray, manualSeed, nn, noGrad, rand, toOnnx } from '../../src/engine';
import { modelNames } from '../../src/protocol/choices';
import { completeConfig, defaultConfig, exportCheckpoint, type RunConfig } from '../../src/training';
import { buildModel } from '../../src/training/models';
import { RunFolder, type RunInfo } from '../../src/training/run-folder';
import { saveWeights } from '../../src/training/run-state';
import { runPython, withoutPython } from '../checkpoint/python';
import { temporaryFolder } from './support';

const classes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const shape = [28, 28];

/** Running statistics as after training, so that they count. */
async function shuffled(network: nn.Module): Promise<void> {
  const state = network.stateDict();
  const changed = [...state].map(
    ([name, tensor]) => [name, name.includes('running') ? rand(tensor.shape).add(0.5) : tensor] as const,
  );
  network.loadStateDict(new Map(changed));
}

/** The folder of a run with weights that were never trained. */
async function runOf(config: RunConfig): Promise<{ folder: string; best: string; network: nn.Module }> {
  const { network, description, parameters } = buildModel(config, shape, classes.length);
  await shuffled(network);
  const run = RunFolder.create(temporaryFolder(), 'test');
  const info: RunInfo = {
    format: 1,
    config,
    created: '2026-01-01',
    status: 'finished',
    model: description,
    parameters,
    device: 'cpu',
    deviceReason: '',
    dataset: { name: 'letters', train: 1, validation: 1, test: 1, shape, classes, fingerprint: '' },
    versions: {},
    testLoss: null,
    testAccuracy: null,
    error: null,
  };
  await run.writeInfo(info);
  await saveWeights(run.best, network);
  return { folder: run.path, best: run.best, network };
}

async function randomImages(dims: readonly number[]): Promise<Float32Array> {
  return Float32Array.from(await rand(dims).data(), Number);
}

async function inRuntime(bytes: Uint8Array, images: Float32Array, dims: number[]): Promise<number[]> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const { scores } = await session.run({ images: new OrtTensor('float32', images, dims) });
  if (!(scores?.data instanceof Float32Array)) throw new Error('no scores');
  await session.release();
  return [...scores.data];
}

async function inEngine(network: nn.Module, images: Float32Array, dims: number[]): Promise<number[]> {
  network.eval();
  return [...(await noGrad(() => network.call(fromArray(images, dims))).data())].map(Number);
}

function near(found: readonly number[], expected: readonly number[], what: string): void {
  expect(found.length, what).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN)), what).toBeLessThan(2e-6 * largest + 1e-6);
  });
}

const configs = modelNames.map((model): RunConfig => {
  const hidden = {
    'mnist-mlp': [32, 16],
    'notes-mlp': [32, 16, 8, 8],
    linear: [],
    'three-seven': [30],
    cnn: [16],
    lenet: [24, 16],
  };
  return { ...defaultConfig, model, hidden: hidden[model], dropout: model === 'mnist-mlp' ? 0.2 : 0 };
});

describe('exported models', () => {
  test.each(configs)('$model computes in ONNX Runtime what it does here, for any batch', async config => {
    manualSeed(1);
    const { best, network } = await runOf(config);
    const { file } = await exportCheckpoint(best, 'onnx');
    const bytes = readFileSync(file);
    for (const count of [1, 3, 17]) {
      const images = await randomImages([count, 1, ...shape]);
      const dims = [count, 1, ...shape];
      near(await inRuntime(bytes, images, dims), await inEngine(network, images, dims), `batch of ${count}`);
    }
    const opened = await openCheckpoint(file);
    expect(opened.graph?.inputs).toEqual([{ name: 'images', dtype: 'float32', shape: ['batch', 1, 28, 28] }]);
    const names = [...network.stateDict().keys()].filter(name => !name.endsWith('num_batches_tracked'));
    expect(opened.tensors.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(Object.fromEntries(opened.metadata)).toMatchObject({
      dataset: 'letters',
      'operator sets': 'ai.onnx 17',
    });
  });

  test('every layer that can be written computes the same', async () => {
    manualSeed(2);
    const network = new nn.Sequential(
      new nn.Conv2d(1, 4, 3, { padding: 'same', bias: false }),
      new nn.BatchNorm2d(4, { affine: false }),
      new nn.LeakyReLU(0.2),
      new nn.AvgPool2d(2, { padding: 1 }),
      new nn.Conv2d(4, 6, [3, 5], { stride: [2, 1], padding: [1, 2], dilation: [1, 1], groups: 2 }),
      new nn.ELU(0.7),
      new nn.MaxPool2d(3, { stride: 2, padding: 1, ceilMode: true }),
      new nn.GELU(),
      new nn.Sequential({ inner: new nn.Conv2d(6, 8, 1), act: new nn.SiLU() }),
      new nn.AdaptiveAvgPool2d(2),
      new nn.GELU({ approximate: 'tanh' }),
      new nn.Flatten(2),
      new nn.Linear(4, 5),
      new nn.LayerNorm(5),
      new nn.Tanh(),
      new nn.Linear(5, 3, { bias: false }),
      new nn.LayerNorm([8, 3], { elementwiseAffine: false }),
      new nn.Flatten(),
      new nn.Dropout(0.5),
      new nn.Linear(24, 6),
      new nn.Sigmoid(),
      new nn.Identity(),
      new nn.LogSoftmax(1),
    );
    await shuffled(network);
    const dims = [5, 1, 20, 20];
    const images = await randomImages(dims);
    const bytes = await toOnnx(network, { sample: dims.slice(1) });
    near(await inRuntime(bytes, images, dims), await inEngine(network, images, dims), 'all layers');
  });

  test('a layer without a counterpart is named', async () => {
    const network = new nn.Sequential({ odd: new nn.Softsign() });
    await expect(toOnnx(network, { sample: [3] })).rejects.toThrow(
      'odd: a layer Softsign cannot be written as ONNX',
    );
  });

  test.skipIf(withoutPython)('PyTorch loads source, .pt and .safetensors of all', async () => {
    manualSeed(3);
    const runs = [];
    for (const config of configs) {
      const { folder, best, network } = await runOf(config);
      await exportCheckpoint(best, 'python', path.join(folder, 'model.py'));
      await exportCheckpoint(best, 'pt', path.join(folder, 'model.pt'));
      await exportCheckpoint(best, 'safetensors', path.join(folder, 'model.safetensors'));
      copyFileSync(best, path.join(folder, 'best.pt'));
      const images = rand([3, 1, ...shape]);
      writeFileSync(path.join(folder, 'input.json'), JSON.stringify(await images.tolist()));
      runs.push({ folder, network, images: Float32Array.from(await images.data(), Number) });
    }
    const python = runPython('../training/export_peer.py', ...runs.map(({ folder }) => folder));
    const result = z.object({
      scores: z.array(z.number()),
      ...{ pt: z.boolean(), safetensors: z.boolean(), keys: z.boolean() },
    });
    const found = z.array(result).parse(JSON.parse(python));
    for (const [i, { network, images }] of runs.entries()) {
      const { scores = [], ...same } = found[i] ?? {};
      expect(same, configs[i]?.model).toEqual({ pt: true, safetensors: true, keys: true });
      near(scores, await inEngine(network, images, [3, 1, ...shape]), configs[i]?.model ?? '');
    }
  });

  test('nothing is replaced unasked, and what cannot be done is said', async () => {
    const { best, folder } = await runOf({ ...defaultConfig, hidden: [4] });
    const { file, tensors } = await exportCheckpoint(best, 'safetensors');
    expect([path.relative(folder, file), tensors]).toEqual([path.join('checkpoints', 'best.safetensors'), 4]);
    await expect(exportCheckpoint(best, 'safetensors')).rejects.toThrow('there is a file of that name');
    const elsewhere = path.join(temporaryFolder(), 'best.pt');
    copyFileSync(best, elsewhere);
    await expect(exportCheckpoint(elsewhere, 'onnx')).rejects.toThrow('is no checkpoint of a run');
    await exportCheckpoint(elsewhere, 'pt');
    expect(existsSync(elsewhere.replace('best.pt', 'best.weights.pt'))).toBe(true);
  });
});

describe('a module of a Python file', () => {
  const scripts = path.join(import.meta.dirname, '../accept');
  const pythonRun = (script: string, name: string) => {
    const file = path.join(scripts, script);
    return runOf(completeConfig({ python: { file, name }, lr: 0.1, scheduler: 'none' }));
  };

  test.each([
    ['hover/scripts/cifar_loop.py', 'Net'],
    ['hover/scripts/inheritance.py', 'MyLinear'],
    ['hover/scripts/residual_digits.py', 'ResNet'],
    ['hover/scripts/patches_attention.py', 'TinyViT'],
    ['hover/scripts/lstm_rows.py', 'RNN'],
  ])('as ONNX gives the scores of its network for a sample: %s', async (script, name) => {
    manualSeed(3);
    const { folder, best, network } = await pythonRun(script, name);
    const out = path.join(folder, 'net.onnx');
    const { notes } = await exportCheckpoint(best, 'onnx', out);
    expect(notes[0]).toMatch(/one at a time/);
    const images = await randomImages([1, 1, 28, 28]);
    near(
      await inRuntime(readFileSync(out), images, [1, 1, 28, 28]),
      await inEngine(network, images, [1, 1, 28, 28]),
      name,
    );
  });

  test('as Python is its own file', async () => {
    const { best } = await pythonRun('hover/scripts/cifar_loop.py', 'Net');
    await expect(exportCheckpoint(best, 'python')).rejects.toThrow(
      /its network is Net in .*cifar_loop\.py, which needs no other source: load_state_dict of that takes/,
    );
  });
});
