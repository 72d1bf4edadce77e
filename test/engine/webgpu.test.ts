/**
 * The GPU. Where there is none, Chromium's software Vulkan stands in (Debian: `chromium`, `libvulkan1`):
 * correct, and slow, so everything here is small.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { compute, nn, ones, tensor, zeros } from '../../src/engine';
import { describeCase, type GoldenCase, gradientsOf, readCases, runCase } from './golden';
import { allowance, findGpu } from './software-gpu';
import {
  fullLayers,
  optimizers,
  plainLayers,
  type Recipe,
  trainCompiled,
  trainEagerly,
  trainObservingLast,
} from './training-example';

const missing = await findGpu();

it.runIf(process.env['CI'] !== undefined)('a driver is there where all must be tested', () => {
  expect(missing).toBeUndefined();
});

/**
 * Files whose operations are asked of the GPU, and of how many of their cases one is taken: each operation once more than
 * in `webgpu-operations.test.ts`, with other shapes.
 */
const samples: Record<string, number> = {
  arithmetic: 27,
  comparison: 17,
  unary: 13,
  functions: 11,
  divisions: 7,
  blending: 13,
  activations: 13,
  arranging: 23,
  splitting: 23,
  stacking: 13,
  diagonals: 27,
  scans: 23,
  contractions: 13,
  convolutions: 23,
  pools: 17,
  interpolation: 23,
  'group-norms': 13,
  attention: 7,
  selection: 7,
  views: 43,
  joins: 13,
  indexing: 13,
  gather: 7,
  'through-views': 17,
  reductions: 33,
  products: 13,
  softmax: 7,
  losses: 23,
  normalisation: 13,
};

/** Float32 and finite: WebGPU has no float64, and may take NaN and infinity as it likes. */
function isForGpu({ inputs, values, grads, error }: GoldenCase): boolean {
  const tensors = [...inputs, ...values, ...grads.filter(grad => grad !== null)];
  const plain = tensors.every(({ dtype, data }) => dtype !== 'float64' && data.every(Number.isFinite));
  return (
    error === undefined &&
    plain &&
    inputs.some(({ dtype }) => dtype === 'float32') &&
    values.every(v => v.data.length > 0)
  );
}

const sampled = Object.entries(samples).flatMap(([file, step]) =>
  readCases(file)
    .filter(isForGpu)
    .filter((_, i) => i % step === 0),
);

function expectClose(got: readonly number[], want: readonly number[], allowed: number): void {
  expect(got).toHaveLength(want.length);
  for (const [i, x] of got.entries()) {
    const y = want[i] ?? Number.NaN;
    expect(Math.abs(x - y), `${x} and ${y}`).toBeLessThanOrEqual(allowed * Math.max(1, Math.abs(y)));
  }
}

describe.skipIf(missing !== undefined)(
  'on a GPU',
  () => {
    it.each([
      ['SGD with momentum and decay', plainLayers],
      ['Adam', fullLayers],
    ] as const)('50 steps of %s end where they end on the CPU', async (name, layers) => {
      const optimizer = optimizers[name];
      if (optimizer === undefined) throw new Error(`there is no ${name}`);
      const recipe = { layers, optimizer };
      const [gpu, cpu] = [
        await trainCompiled({ ...recipe, device: 'webgpu' }, [20, 30]),
        await trainCompiled({ ...recipe, device: 'cpu' }, [50]),
      ];
      expect([gpu.steps, gpu.generator]).toEqual([cpu.steps, cpu.generator]);
      expectClose(gpu.losses, cpu.losses, 1e-4);
      for (const [i, numbers] of cpu.state.entries()) expectClose(gpu.state[i] ?? [], numbers, 1e-4);
    });

    it.each(['Adamax', 'NAdam', 'RAdam', 'centered RMSprop with momentum', 'Adagrad', 'Adadelta'])(
      '10 steps of %s end where they end on the CPU',
      async name => {
        const optimizer = optimizers[name];
        if (optimizer === undefined) throw new Error(`there is no ${name}`);
        const recipe = { layers: plainLayers, optimizer };
        const gpu = await trainCompiled({ ...recipe, device: 'webgpu' }, [10]);
        const cpu = await trainCompiled({ ...recipe, device: 'cpu' }, [10]);
        for (const [i, numbers] of cpu.state.entries()) expectClose(gpu.state[i] ?? [], numbers, 1e-4);
      },
    );

    it('the last step of each call is observed', async () => {
      const optimizer = optimizers['SGD with momentum and decay'];
      if (optimizer === undefined) throw new Error('there is no SGD');
      const recipe = { layers: plainLayers, optimizer };
      const gpu = await trainObservingLast({ ...recipe, device: 'webgpu' }, [4, 1]);
      const cpu = await trainObservingLast({ ...recipe, device: 'cpu' }, [4, 1]);
      expectClose(gpu.outcome.losses, cpu.outcome.losses, 1e-4);
      expectClose(gpu.gradients.flat(2), cpu.gradients.flat(2), 1e-4);
      for (const [i, numbers] of cpu.outcome.state.entries())
        expectClose(gpu.outcome.state[i] ?? [], numbers, 1e-4);
    });

    it('ordinary steps do the same', async () => {
      const optimizer = optimizers['SGD'];
      if (optimizer === undefined) throw new Error('there is no SGD');
      const recipe: Omit<Recipe, 'device'> = { layers: plainLayers, optimizer };
      const gpu = await trainEagerly({ ...recipe, device: 'webgpu' }, 2);
      const cpu = await trainEagerly({ ...recipe, device: 'cpu' }, 2);
      expectClose(gpu.losses, cpu.losses, 1e-4);
      for (const [i, numbers] of cpu.state.entries()) expectClose(gpu.state[i] ?? [], numbers, 1e-4);
    });

    it(`a sample of the operations agrees with PyTorch (${sampled.length} cases)`, async () => {
      const runs = sampled.map(given => {
        const run = runCase(given, 'method', 'webgpu');
        return { given, run, grads: gradientsOf(run, given, 'method', 'webgpu') };
      });
      const all = runs.flatMap(({ run, grads }) => [...run.outputs, ...grads]);
      expect(all.every(tensor => tensor === undefined || tensor.device === 'webgpu')).toBe(true);
      await compute(...all.filter(tensor => tensor !== undefined));
      for (const { given, run, grads } of runs) {
        const allowed = allowance(given.steps.map(([name]) => name));
        const pairs = [
          ...given.values.map((value, i) => [run.outputs[i], value] as const),
          ...given.grads.map((value, i) => [grads[i], value] as const),
        ];
        for (const [actual, expected] of pairs) {
          if (expected === null || actual === undefined) continue;
          const got = Array.from(await actual.data(), Number);
          expect(() => expectClose(got, expected.data, allowed), describeCase(given)).not.toThrow();
        }
      }
    });

    it('moves tensors there and back', async () => {
      const x = tensor([1, 2, 3], { dtype: 'float32', requiresGrad: true });
      const there = x.to('webgpu');
      const y = there.mul(2);
      expect([there.device, y.device, y.to('cpu').device]).toEqual(['webgpu', 'webgpu', 'cpu']);
      y.to('cpu').sum().backward();
      expect(await y.tolist()).toEqual([2, 4, 6]);
      expect(await x.grad?.tolist()).toEqual([2, 2, 2]);
      const layer = new nn.Linear(2, 1).to('webgpu');
      expect(layer.weight.device).toBe('webgpu');
      expect(() => layer.forward(zeros([1, 2]))).toThrow('Expected all tensors to be on the same device');
      expect(
        await layer
          .to('cpu')
          .forward(ones([1, 2]))
          .tolist(),
      ).toHaveLength(1);
    });
  },
  180_000,
);

it('without a driver opening a model fails in one sentence', async () => {
  const outfile = 'node_modules/.cache/descent/engine-without-driver.mjs';
  await build({
    stdin: {
      contents: `
        import { ones } from './src/engine';
        ones([2], { device: 'webgpu' }).add(1).tolist().then(
          () => console.log('it worked'),
          error => console.log(error.name + ': ' + error.message),
        );`,
      resolveDir: '.',
      loader: 'ts',
    },
    outfile,
    bundle: true,
    external: ['onnxruntime-node'],
    platform: 'node',
    format: 'esm',
  });
  const env = { ...process.env, VK_ICD_FILENAMES: '/dev/null', VK_DRIVER_FILES: '/dev/null' };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env });
  expect(stdout).toMatch(/^DeviceUnavailableError: the device 'webgpu' cannot be used here: .+\n$/);
}, 60_000);
