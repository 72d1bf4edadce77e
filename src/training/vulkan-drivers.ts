/**
 * Whether this machine may have a graphics driver that WebGPU could use, as far as that can be seen without waking one
 * up: on Linux WebGPU runs on Vulkan, whose loader finds drivers by the manifests that they install. To look for these
 * takes no time, while a process that tries to open a GPU takes half a second of a processor.
 */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Variables by which the loader is told of drivers that lie elsewhere. */
const told = ['VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES', 'VK_ICD_FILENAMES'];

const listed = (value: string | undefined, otherwise: string) =>
  (value || otherwise).split(':').filter(part => part !== '');

/**
 * The folders in which Vulkan's loader looks for manifests of drivers (its document "Vulkan Loader Driver Interface",
 * "Driver Discovery on Linux"), and the one where NixOS has them.
 */
function manifestFolders(env: NodeJS.ProcessEnv): string[] {
  const home = env['HOME'] ?? homedir();
  const around = [
    env['XDG_CONFIG_HOME'] || path.join(home, '.config'),
    ...listed(env['XDG_CONFIG_DIRS'], '/etc/xdg'),
    ...['/etc', '/usr/local/etc'],
    env['XDG_DATA_HOME'] || path.join(home, '.local', 'share'),
    ...listed(env['XDG_DATA_DIRS'], '/usr/local/share:/usr/share'),
    ...['/usr/local/share', '/usr/share', '/run/opengl-driver/share'],
  ];
  return [...new Set(around)].map(folder => path.join(folder, 'vulkan', 'icd.d'));
}

/** False where there is certainly no driver. */
export function mayHaveVulkan(platform = process.platform, env = process.env): boolean {
  if (platform !== 'linux' || told.some(name => env[name])) return true;
  return manifestFolders(env).some(folder => {
    try {
      return readdirSync(folder).some(name => name.endsWith('.json'));
    } catch {
      return false;
    }
  });
}
