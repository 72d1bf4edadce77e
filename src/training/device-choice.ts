/** Which device a run uses: the one that was asked for, or the fastest for this very model. */
import { type Device, devices, isDeviceAvailable } from '../engine';
import type { RunConfig } from './config';
import { messageOf, TrainingError } from './errors';

/** A device and why it was chosen. */
export interface DeviceChoice {
  readonly device: Device;
  readonly reason: string;
}

/** Measures the model on a device; in seconds a step. */
export type Probe = (device: Device) => Promise<number>;

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toPrecision(2)} ms`;
}

/** Chooses the device; `probe` is asked only where there is a choice. */
export async function chooseDevice(asked: RunConfig['device'], probe: Probe): Promise<DeviceChoice> {
  if (asked !== 'auto') {
    const problem = await isDeviceAvailable(asked);
    if (problem !== undefined) throw new TrainingError(problem);
    return { device: asked, reason: 'as asked' };
  }
  const others = devices.filter(device => device !== 'cpu');
  const measured: { device: Device; seconds: number }[] = [];
  const missing: string[] = [];
  for (const device of others) {
    if ((await isDeviceAvailable(device)) !== undefined) missing.push(`no ${device} device found`);
  }
  if (missing.length === others.length) return { device: 'cpu', reason: missing.join(', ') };
  for (const device of devices) {
    try {
      measured.push({ device, seconds: await probe(device) });
    } catch (error) {
      missing.push(`${device}: ${messageOf(error)}`);
    }
  }
  measured.sort((a, b) => a.seconds - b.seconds);
  const [fastest] = measured;
  if (fastest === undefined) throw new TrainingError(`no device can run this model: ${missing.join(', ')}`);
  const figures = measured.map(({ device, seconds }) => `${device} ${milliseconds(seconds)} a step`);
  return { device: fastest.device, reason: ['fastest', ...figures, ...missing].join(', ') };
}
