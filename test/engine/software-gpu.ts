/** The GPU of tests: where there is none, Chromium's software Vulkan stands in (Debian: `chromium`, `libvulkan1`). */
import { existsSync } from 'node:fs';
import { checkDevice } from '../../src/training/device-check';

const software = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Finds a driver; why WebGPU cannot be tested, or undefined where it can. */
export async function findGpu(): Promise<string | undefined> {
  // The driver is looked for when the first model is opened, so this is early enough.
  if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(software)) {
    process.env['VK_ICD_FILENAMES'] = software;
  }
  const missing = await checkDevice('webgpu');
  if (missing !== undefined) console.warn(`WebGPU is not tested: ${missing}`);
  return missing;
}

/** WGSL promises no more than this for sine, cosine and their inverses; a tangent divides the one by the other. */
const roughly: Record<string, number> = {
  ...{ sin: 2 ** -11, cos: 2 ** -11, tan: 2 ** -8, sinc: 2 ** -8 },
  ...{ asin: 2 ** -10, acos: 2 ** -10, atan: 2 ** -10, atan2: 2 ** -10 },
};

/** How far from the CPU's numbers those of these operations may be, relatively, or absolutely below 1. */
export function allowance(names: readonly string[]): number {
  return Math.max(...names.map(name => roughly[name.replace(/_$/, '')] ?? 1e-4));
}
