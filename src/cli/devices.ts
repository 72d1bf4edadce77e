/** `descent devices`. */
import { Command } from 'commander';
import { devices } from '../engine';
import { checkDevice } from '../training';
import { printJson, reporting } from './report';

/** Defines the command. */
export function devicesCommand(): Command {
  return new Command('devices')
    .description('List the devices that can compute here.')
    .option('--json', 'one JSON object, and nothing else')
    .action(({ json = false }: { json?: boolean }) => reporting(json, () => list(json)));
}

async function list(json: boolean): Promise<void> {
  const found = [];
  for (const device of devices) {
    const problem = await checkDevice(device);
    found.push({ device, available: problem === undefined, ...(problem !== undefined && { problem }) });
  }
  if (json) {
    printJson({ devices: found });
    return;
  }
  for (const { device, available, problem } of found) {
    process.stdout.write(`${device.padEnd(8)} ${available ? 'available' : `not available: ${problem}`}\n`);
  }
}
