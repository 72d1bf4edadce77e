/** `descent devices`. */
import { Command } from 'commander';
import { type Device, devices } from '../engine';
import { checkDevice } from '../training';
import { type OperationPlacement, placements } from '../training/placement/placement';
import { printJson, reporting } from './report';

/** Defines the command. */
export function devicesCommand(): Command {
  return new Command('devices')
    .description('List the devices that can compute here.')
    .option('--ops', 'try every operation on each device, and list what falls back to the CPU')
    .option('--json', 'one JSON object, and nothing else')
    .action(({ json = false, ops = false }: { json?: boolean; ops?: boolean }) =>
      reporting(json, () => list(json, ops)),
    );
}

interface Found {
  readonly device: Device;
  readonly available: boolean;
  readonly problem?: string;
  readonly operations?: readonly OperationPlacement[];
}

async function look(device: Device, ops: boolean): Promise<Found> {
  const problem = await checkDevice(device);
  if (problem !== undefined) return { device, available: false, problem };
  return { device, available: true, ...(ops && { operations: await placements(device) }) };
}

async function list(json: boolean, ops: boolean): Promise<void> {
  const found: Found[] = [];
  for (const device of devices) {
    const one = await look(device, ops);
    found.push(one);
    if (!json) process.stdout.write(describe(one));
  }
  if (json) printJson({ devices: found });
}

function describe({ device, available, problem, operations }: Found): string {
  const state = available ? 'available' : `not available: ${problem}`;
  return [`${device.padEnd(8)} ${state}`, ...(operations ? summary(device, operations) : []), ''].join('\n');
}

/** What is computed where, in lines for people. */
function summary(device: Device, operations: readonly OperationPlacement[]): string[] {
  const of = (...places: OperationPlacement['where'][]) =>
    operations.filter(({ where }) => places.includes(where));
  const tried = of('device', 'partly', 'cpu');
  const lines = [`         ${of('device').length} of ${tried.length} operations are computed there`];
  const falling = of('partly', 'cpu');
  if (falling.length > 0) lines.push('         with help of the CPU, each time with a copy there and back:');
  for (const { operation, where, onCpu } of falling) {
    lines.push(`           ${operation.padEnd(26)} ${where === 'cpu' ? 'all of it' : onCpu.join(', ')}`);
  }
  for (const { operation, problem } of operations.filter(one => one.problem !== undefined)) {
    lines.push(`           ${operation.padEnd(26)} not on ${device}: ${problem}`);
  }
  const host = of('host').map(({ operation }) => operation);
  lines.push(`         by Descent itself, between runs: ${host.join(', ')}`);
  return lines;
}
