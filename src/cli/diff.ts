/** `descent diff`. */
import { Command } from 'commander';
import { type CheckpointFile, openCheckpoint, pairTensors } from '../checkpoint';
import type { CheckpointTensor } from '../protocol/checkpoint';
import { type Difference, differenceOf } from '../statistics/difference';
import { messageOf } from '../training';
import { stopOnInterrupt, stopSignal } from './guards';
import { figure, shapeText } from './inspect/table';
import { grouped, percent, printJson, reporting } from './report';

/** A tensor of both files. */
interface Pair {
  readonly name: string;
  readonly before: CheckpointTensor;
  readonly after: CheckpointTensor;
}

/** How far a tensor has changed; without a difference where that cannot be said. */
interface Change extends Pair {
  readonly difference?: Difference;
  readonly problem?: string;
}

/** A tensor of one file. */
interface Single {
  readonly name: string;
  readonly tensor: CheckpointTensor;
}

/** Two files beside each other. */
interface Comparison {
  /** What is compared with what, where that is not all of both. */
  readonly aligned: string | null;
  readonly added: readonly Single[];
  readonly removed: readonly Single[];
  readonly changes: readonly Change[];
}

/** Defines the command. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('Compare the tensors of two checkpoints, of any format each.')
    .argument('<before>', 'a checkpoint')
    .argument('<after>', 'another one')
    .option('--json', 'one JSON object, and nothing else')
    .action((before: string, after: string, { json = false }: { readonly json?: boolean }) =>
      reporting(json, async () => {
        stopOnInterrupt();
        const files: CheckpointFile[] = [];
        try {
          files.push(await openCheckpoint(before));
          files.push(await openCheckpoint(after));
          const [a, b] = files;
          if (a === undefined || b === undefined) return;
          const comparison = await compare(a, b);
          if (json) printJson(asJson(comparison));
          else print(comparison);
        } finally {
          for (const file of files) file.close();
        }
      }),
    );
}

async function compare(a: CheckpointFile, b: CheckpointFile): Promise<Comparison> {
  const { pairs, aligned } = pairTensors(a.tensors, b.tensors);
  const added: Single[] = [];
  const removed: Single[] = [];
  const changes: Change[] = [];
  for (const { path, outside, before, after } of pairs) {
    if (stopSignal.aborted) break;
    // Of a whole run and its weights alone, the weights are compared.
    if (outside) continue;
    const name = aligned === null ? (before ?? after)?.name : path.join('.');
    if (name === undefined) continue;
    if (before !== null && after !== null) changes.push(await changeOf(a, b, { name, before, after }));
    else if (after !== null) added.push({ name, tensor: after });
    else if (before !== null) removed.push({ name, tensor: before });
  }
  return { aligned, added, removed, changes };
}

async function changeOf(a: CheckpointFile, b: CheckpointFile, pair: Pair): Promise<Change> {
  const { before, after } = pair;
  // Complex numbers are read as pairs.
  const isComplex = ({ dtype }: CheckpointTensor) => dtype.startsWith('complex');
  if (before.shape.join() !== after.shape.join() || isComplex(before) !== isComplex(after)) return pair;
  try {
    const [old, fresh] = [await a.readTensor(before.name), await b.readTensor(after.name)];
    return { ...pair, difference: differenceOf(old.data, fresh.data) };
  } catch (error) {
    return { ...pair, problem: messageOf(error) };
  }
}

/** The change that is furthest from zero. */
function largest({ statistics: { min, max } }: Difference): number | null {
  if (min === null || max === null) return null;
  return Math.abs(min) > Math.abs(max) ? min : max;
}

function isChanged({ difference, before, after }: Change): boolean {
  return difference === undefined || difference.changed > 0 || before.dtype !== after.dtype;
}

function asJson({ aligned, added, removed, changes }: Comparison) {
  const listed = (singles: readonly Single[]) =>
    singles.map(({ name, tensor: { dtype, shape } }) => ({ name, dtype, shape }));
  return {
    ...(aligned !== null && { compared: aligned }),
    added: listed(added),
    removed: listed(removed),
    changed: changes.filter(isChanged).map(({ name, before, after, difference, problem }) => ({
      name,
      dtype: before.dtype,
      shape: before.shape,
      ...(before.dtype !== after.dtype && { newDtype: after.dtype }),
      ...(before.shape.join() !== after.shape.join() && { newShape: after.shape }),
      ...(difference && {
        norm: difference.statistics.norm,
        relative: difference.relative,
        largest: largest(difference),
        elements: difference.changed,
      }),
      ...(problem !== undefined && { problem }),
    })),
    unchanged: changes.filter(change => !isChanged(change)).map(({ name }) => name),
  };
}

function print({ aligned, added, removed, changes }: Comparison): void {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const changed = changes.filter(isChanged);
  const counts = [
    `${grouped(changed.length)} changed`,
    `${grouped(changes.length - changed.length)} equal`,
    `${grouped(added.length)} added`,
    `${grouped(removed.length)} removed`,
  ];
  if (aligned !== null) write(`Compared ${aligned}`);
  write(`Tensors: ${counts.join(', ')}`);
  const names = [...added, ...removed, ...changed].map(({ name }) => name);
  if (names.length === 0) return;
  const width = Math.min(60, Math.max('tensor'.length, ...names.map(name => name.length)));
  const shapes = Math.max(5, ...[...added, ...removed].map(({ tensor }) => shapeText(tensor.shape).length));
  if (changed.length > 0) {
    const columns = ['‖change‖', 'relative', 'largest', 'elements'].map(title => title.padStart(11));
    write(`\n  ${'tensor'.padEnd(width)}${columns.join('')}`);
    for (const change of changed) write(`~ ${change.name.padEnd(width)}${changeText(change)}`);
  }
  if (added.length + removed.length > 0) write('');
  const line = (sign: string, { name, tensor }: Single) =>
    write(`${sign} ${name.padEnd(width)}  ${shapeText(tensor.shape).padEnd(shapes)}  ${tensor.dtype}`);
  for (const single of added) line('+', single);
  for (const single of removed) line('-', single);
}

function changeText({ before, after, difference, problem }: Change): string {
  if (problem !== undefined) return `  ${problem}`;
  if (difference === undefined) return `  ${shapeText(before.shape)} → ${shapeText(after.shape)}`;
  const { statistics, relative, changed } = difference;
  const share = before.elements === 0 ? '–' : percent(changed / before.elements);
  const figures = [
    figure(statistics.norm),
    relative === null ? '–' : percent(relative),
    figure(largest(difference)),
    share,
  ];
  const types = before.dtype === after.dtype ? '' : `  ${before.dtype} → ${after.dtype}`;
  return `${figures.map(text => text.padStart(11)).join('')}${types}`;
}
