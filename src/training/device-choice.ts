/** Which device a run uses: the one that was asked for, or the fastest for this very model. */
import { type Device, devices } from '../engine';
import type { RunConfig } from './config';
import { messageOf, TrainingError } from './errors';

/** A device and why it was chosen. */
export interface DeviceChoice {
  readonly device: Device;
  readonly reason: string;
}

/** How devices are looked at. */
export interface DeviceQuestions {
  /** Undefined if the device can be used, else why not. */
  readonly check: (device: Device) => Promise<string | undefined>;
  /** Measures the model on a device, in seconds a step; asked only where there is a choice. */
  readonly probe: (device: Device) => Promise<number>;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toPrecision(2)} ms`;
}

/**
 * Chooses the device.
 * @param before the device that a resumed run was on: `auto` stays there, since on another one the losses
 *   differ in their last bits
 */
export async function chooseDevice(
  asked: RunConfig['device'],
  { check, probe }: DeviceQuestions,
  before?: Device,
): Promise<DeviceChoice> {
  if (asked !== 'auto') {
    const problem = await check(asked);
    if (problem === undefined) return { device: asked, reason: 'as asked' };
    throw new TrainingError(
      `no ${asked} device can be used here (${problem}): install a graphics driver, or use --device cpu`,
    );
  }
  if (before !== undefined && (await check(before)) === undefined)
    return { device: before, reason: 'as before' };
  const usable: Device[] = [];
  const missing: string[] = [];
  for (const device of devices) {
    if ((await check(device)) === undefined) usable.push(device);
    else missing.push(`no ${device} device found`);
  }
  const [only] = usable;
  if (usable.length === 1 && only !== undefined) return { device: only, reason: missing.join(', ') };
  return fastest(usable, probe, missing);
}

async function fastest(
  usable: readonly Device[],
  probe: DeviceQuestions['probe'],
  missing: string[],
): Promise<DeviceChoice> {
  const measured: { device: Device; seconds: number }[] = [];
  for (const device of usable) {
    try {
      measured.push({ device, seconds: await probe(device) });
    } catch (error) {
      missing.push(`${device}: ${messageOf(error)}`);
    }
  }
  measured.sort((a, b) => a.seconds - b.seconds);
  const [best] = measured;
  if (best === undefined) throw new TrainingError(`no device can run this model: ${missing.join(', ')}`);
  const figures = measured.map(({ device, seconds }) => `${device} ${milliseconds(seconds)} a step`);
  return { device: best.device, reason: ['fastest', ...figures, ...missing].join(', ') };
}
