/** `descent diff`. */
import { Command } from 'commander';
import {
  type CheckpointFile,
  openCheckpoint,
  type Pairing,
  pairTensors,
  type TensorPair,
} from '../checkpoint';
import { type Difference, differenceOf } from '../statistics/difference';
import { stopOnInterrupt, stopSignal } from './guards';
import { figure, shapeText } from './inspect/table';
import { grouped, percent, printJson, reporting } from './report';

/** A tensor of both files, and how far it has changed; without a difference where that cannot be said. */
interface Change {
  readonly pair: TensorPair;
  readonly difference?: Difference;
  readonly problem?: string;
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
          files.push(await openCheckpoint(before), await openCheckpoint(after));
          const [a, b] = files;
          if (a === undefined || b === undefined) return;
          const pairing = pairTensors(a, b);
          const changes = await changesOf(a, b, pairing);
          if (json) printJson(asJson(pairing, changes));
          else print(pairing, changes);
        } finally {
          for (const file of files) file.close();
        }
      }),
    );
}

async function changesOf(a: CheckpointFile, b: CheckpointFile, { pairs }: Pairing): Promise<Change[]> {
  const changes: Change[] = [];
  for (const pair of pairs) {
    if (stopSignal.aborted) break;
    const problem = pair.before.problem ?? pair.after.problem;
    if (problem !== undefined || !pair.comparable) {
      changes.push({ pair, ...(problem !== undefined && { problem }) });
      continue;
    }
    const before = await a.readTensor(pair.before.name);
    const after = await b.readTensor(pair.after.name);
    changes.push({ pair, difference: differenceOf(before.data, after.data) });
  }
  return changes;
}

/** The change that is furthest from zero. */
function largest({ statistics: { min, max } }: Difference): number | null {
  if (min === null || max === null) return null;
  return Math.abs(min) > Math.abs(max) ? min : max;
}

function isChanged({ difference, pair }: Change): boolean {
  return difference === undefined || difference.changed > 0 || pair.before.dtype !== pair.after.dtype;
}

function asJson({ added, removed }: Pairing, changes: readonly Change[]) {
  const listed = (weights: Pairing['added']) =>
    weights.map(({ name, tensor: { dtype, shape } }) => ({ name, dtype, shape }));
  return {
    added: listed(added),
    removed: listed(removed),
    changed: changes.filter(isChanged).map(change => {
      const { pair, difference, problem } = change;
      const { name, before, after } = pair;
      return {
        name,
        dtype: before.dtype,
        shape: before.shape,
        ...(before.dtype !== after.dtype && { newDtype: after.dtype }),
        ...(!pair.comparable && { newShape: after.shape }),
        ...(difference && {
          norm: difference.statistics.norm,
          relative: difference.relative,
          largest: largest(difference),
          elements: difference.changed,
        }),
        ...(problem !== undefined && { problem }),
      };
    }),
    unchanged: changes.filter(change => !isChanged(change)).map(({ pair }) => pair.name),
  };
}

function print({ added, removed }: Pairing, changes: readonly Change[]): void {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const changed = changes.filter(isChanged);
  const counts = [
    `${grouped(changed.length)} changed`,
    `${grouped(changes.length - changed.length)} equal`,
    `${grouped(added.length)} added`,
    `${grouped(removed.length)} removed`,
  ];
  write(`Tensors: ${counts.join(', ')}`);
  const names = [...added, ...removed, ...changed.map(({ pair }) => pair)].map(({ name }) => name);
  if (names.length === 0) return;
  const width = Math.min(60, Math.max('tensor'.length, ...names.map(name => name.length)));
  const shapes = Math.max(5, ...[...added, ...removed].map(({ tensor }) => shapeText(tensor.shape).length));
  if (changed.length > 0) {
    const columns = ['‖change‖', 'relative', 'largest', 'elements'].map(title => title.padStart(11));
    write(`\n  ${'tensor'.padEnd(width)}${columns.join('')}`);
    for (const change of changed) write(`~ ${change.pair.name.padEnd(width)}${changeText(change)}`);
  }
  if (added.length + removed.length > 0) write('');
  const line = (sign: string, { name, tensor }: Pairing['added'][number]) =>
    write(`${sign} ${name.padEnd(width)}  ${shapeText(tensor.shape).padEnd(shapes)}  ${tensor.dtype}`);
  for (const weight of added) line('+', weight);
  for (const weight of removed) line('-', weight);
}

function changeText({ pair, difference, problem }: Change): string {
  const { before, after } = pair;
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
