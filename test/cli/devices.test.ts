/** Devices in processes of their own: without a driver for a GPU, and with one in software. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { digitsFolder, lossesOf, temporaryFolder } from '../training/support';
import { descent, eventsOf, failureIn, startOf } from './support';

const { CI } = process.env;

describe('devices', () => {
  test('without a driver webgpu is refused in plain words', async () => {
    const runs = path.join(temporaryFolder(), 'runs');
    const ended = await descent(['train', digitsFolder(), '--device', 'webgpu', '--runs', runs, '--json']);
    expect(failureIn(ended)).toMatch(
      /^no webgpu device can be used here \(.+\): install a graphics driver, or use --device cpu$/,
    );
    expect(failureIn(ended)).not.toMatch(/onnxruntime_src|\.cc:/);
    expect(eventsOf(ended)).toEqual([{ event: 'error', message: failureIn(ended) }]);
    expect(existsSync(runs)).toBe(false);
    const listed = await descent(['devices', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      devices: [
        { device: 'cpu', available: true },
        { device: 'webgpu', available: false },
      ],
    });
    expect((await descent(['devices'])).stdout).toMatch(/^cpu +available\nwebgpu +not available: .+\n$/);
  });

  test('ONNX Runtime reports nothing of it, and keeps no identifier of the machine', async () => {
    const home = temporaryFolder();
    const cache = path.join(home, 'cache');
    // What else would keep it quiet is taken away.
    const env = { HOME: home, XDG_CACHE_HOME: cache, CI: '', ORT_DISABLE_TELEMETRY: '' };
    const args = ['train', digitsFolder(), '--epochs', '1', '--device', 'auto', '--runs', temporaryFolder()];
    expect(await descent([...args, '--json'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect([home, cache].filter(existsSync).flatMap(folder => readdirSync(folder))).toEqual([]);
  });

  const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
  const hasDriver = existsSync(driver);
  if (!hasDriver) console.warn(`Skipped: no software driver at ${driver} (chromium on Debian).`);

  test.skipIf(!hasDriver && CI !== 'true')('with a driver webgpu trains', { timeout: 120_000 }, async () => {
    const data = digitsFolder({ train: 70, test: 20 });
    const args = ['train', data, '--hidden', '8', '--batch-size', '32', '--epochs', '2', '--json'];
    const env = { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver };
    const runs = temporaryFolder();
    const gpu = await descent([...args, '--device', 'webgpu', '--runs', runs], { env });
    expect({ code: gpu.code, stderr: gpu.stderr }).toMatchObject({ code: 0 });
    expect(startOf(gpu).device).toBe('webgpu');
    const cpu = await descent([...args, '--device', 'cpu', '--runs', runs]);
    const [onGpu, onCpu] = [startOf(gpu), startOf(cpu)].map(({ run }) => lossesOf(run));
    expect(onGpu).toHaveLength(4);
    onGpu?.forEach(({ loss }, i) => {
      expect(loss).toBeCloseTo(onCpu?.[i]?.loss ?? Number.NaN, 4);
    });
    const auto = await descent([...args, '--epochs', '1', '--runs', runs], { env });
    expect(auto.code).toBe(0);
    expect(startOf(auto).deviceReason).toMatch(/^fastest, \w+ \S+ ms a step, \w+ \S+ ms a step$/);
  });
});
