/** Drivers are looked for where Vulkan's loader looks for them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mayHaveVulkan } from '../../src/training/vulkan-drivers';
import { temporaryFolder } from './support';

test('a manifest in a folder of data is a driver, anything else there is not', () => {
  const data = temporaryFolder();
  const env = { HOME: data, XDG_DATA_DIRS: path.join(data, 'share') };
  // A machine with a driver of its own has one in any case.
  const own = mayHaveVulkan('linux', { HOME: data });
  const folder = path.join(data, 'share', 'vulkan', 'icd.d');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'readme.txt'), '');
  expect(mayHaveVulkan('linux', env)).toBe(own);
  writeFileSync(path.join(folder, 'lvp_icd.x86_64.json'), '{}');
  expect(mayHaveVulkan('linux', env)).toBe(true);
});

test('where drivers are named, and on other systems, it is for the GPU itself to say', () => {
  expect(mayHaveVulkan('linux', { VK_ICD_FILENAMES: '/somewhere/icd.json' })).toBe(true);
  expect(mayHaveVulkan('darwin', {})).toBe(true);
  expect(mayHaveVulkan('win32', {})).toBe(true);
});
