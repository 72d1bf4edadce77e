import { describe, expect, test } from 'vitest';
import type { Device } from '../../src/engine';
import { chooseDevice } from '../../src/training/device-choice';
import { failureOf } from './support';

/** A machine with these devices, on which a step takes so many seconds (`undefined`: it fails). */
function machine(speeds: Partial<Record<Device, number | undefined>>) {
  const probed: Device[] = [];
  return {
    probed,
    check: async (device: Device) => (device in speeds ? undefined : 'no driver'),
    probe: async (device: Device) => {
      probed.push(device);
      const seconds = speeds[device];
      if (seconds === undefined) throw new Error('out of memory\nmore');
      return seconds;
    },
  };
}

describe('chooseDevice', () => {
  test('takes what is asked for, without measuring', async () => {
    const here = machine({ cpu: 1, webgpu: 2 });
    expect(await chooseDevice('webgpu', here)).toEqual({ device: 'webgpu', reason: 'as asked' });
    expect(here.probed).toEqual([]);
  });

  test('says so where it is not there', async () => {
    expect(await failureOf(chooseDevice('webgpu', machine({ cpu: 1 })))).toBe(
      'no webgpu device can be used here (no driver): install a graphics driver, or use --device cpu',
    );
  });

  test('auto falls back to the CPU and says it', async () => {
    const here = machine({ cpu: 1 });
    expect(await chooseDevice('auto', here)).toEqual({ device: 'cpu', reason: 'no webgpu device found' });
    expect(here.probed).toEqual([]);
  });

  test('auto takes the fastest and says what was measured', async () => {
    const reason = 'fastest, webgpu 0.50 ms a step, cpu 2.0 ms a step';
    expect(await chooseDevice('auto', machine({ cpu: 0.002, webgpu: 0.0005 }))).toEqual({
      device: 'webgpu',
      reason,
    });
    expect((await chooseDevice('auto', machine({ cpu: 0.0005, webgpu: 0.002 }))).device).toBe('cpu');
  });

  test('a device that fails is passed over, in one line', async () => {
    expect(await chooseDevice('auto', machine({ cpu: 0.002, webgpu: undefined }))).toEqual({
      device: 'cpu',
      reason: 'fastest, cpu 2.0 ms a step, webgpu: out of memory',
    });
    const message = await failureOf(chooseDevice('auto', machine({ cpu: undefined, webgpu: undefined })));
    expect(message).toMatch(/^no device can run this model: cpu: out of memory, webgpu: out of memory$/);
  });

  test('a resumed run stays where it was, if that is there', async () => {
    const both = machine({ cpu: 1, webgpu: 2 });
    expect((await chooseDevice('auto', both, 'webgpu')).device).toBe('webgpu');
    expect(both.probed).toEqual([]);
    expect((await chooseDevice('auto', machine({ cpu: 1 }), 'webgpu')).device).toBe('cpu');
  });
});
