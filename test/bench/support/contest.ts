/**
 * Ours and PyTorch's in turns, each in a process of its own, so that no two pools of threads spin side by side. A process
 * prints a line when it is ready; then for each line that it reads it does its work and prints how many seconds that took,
 * and how many of processor time: on a machine that others use too, these say more.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

/** Seconds that passed during a round of work, and those of processor time, of all threads together. */
interface Round {
  readonly wall: number;
  readonly processor: number;
}

/** Something that can do a round of work. */
export interface Contestant {
  readonly name: string;
  round(): Promise<Round>;
  close(): void;
}

/** OpenBLAS does not see by itself that some processors have AVX-512. */
function blas(): Record<string, string> {
  const wide = existsSync('/proc/cpuinfo') && readFileSync('/proc/cpuinfo', 'utf8').includes('avx512f');
  return wide ? { OPENBLAS_CORETYPE: 'SkylakeX' } : {};
}

function contestant(name: string, threads: number, command: string, args: readonly string[]): Contestant {
  const child: ChildProcessWithoutNullStreams = spawn(command, args, {
    env: { ...blas(), ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  return {
    name: `${name}, ${threads} thread${threads === 1 ? '' : 's'}`,
    async round() {
      await ready;
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended before its work did`);
      const [wall = Number.NaN, processor = Number.NaN] = String(value).split(' ').map(Number);
      return { wall, processor };
    },
    close: () => child.kill(),
  };
}

/** This program itself, started once more with these arguments. */
export function descent(threads: number, args: readonly string[]): Contestant {
  return contestant('Descent', threads, process.execPath, [fileURLToPath(import.meta.url), ...args]);
}

/** A script of `test/bench`, run by Debian's Python. */
export function torch(threads: number, script: string, args: readonly string[]): Contestant {
  const file = fileURLToPath(new URL(`../../test/bench/${script}`, import.meta.url));
  return contestant('PyTorch', threads, '/usr/bin/python3', [file, ...args]);
}

/** Whether PyTorch is installed; says so where it is not. */
export function hasTorch(): boolean {
  const found = spawnSync('/usr/bin/python3', ['-c', 'import torch']).status === 0;
  if (!found) console.log('PyTorch is not installed (Debian: python3-torch): only our own times.');
  return found;
}

/** Does a round of `work` for each line that comes in; ends with its input. */
export async function answerRounds(work: () => Promise<void>): Promise<void> {
  console.log('ready');
  for await (const _ of createInterface({ input: process.stdin })) {
    const [began, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    console.log((performance.now() - began) / 1000, (user + system) / 1e6);
  }
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const least = (values: readonly number[]) => Math.min(...values);

/** Lets all take turns, after a round that does not count, and prints how long they took, and by how much ours are faster. */
export async function compete(
  ours: readonly Contestant[],
  theirs: readonly Contestant[],
  rounds: number,
): Promise<void> {
  const contestants = [...ours, ...theirs];
  const times = contestants.map((): Round[] => []);
  for (const contestant of contestants) await contestant.round();
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) times[i]?.push(await contestant.round());
  }
  for (const [i, { name, close }] of contestants.entries()) {
    const [wall, processor] = [wallOf(times[i]), processorOf(times[i])];
    console.log(
      `  ${name.padEnd(20)} median ${median(wall).toFixed(3)}   best ${least(wall).toFixed(3)}   ` +
        `processor time: median ${median(processor).toFixed(3)}   best ${least(processor).toFixed(3)}`,
    );
    close();
  }
  if (theirs.length === 0) return;
  const ratio = (kind: typeof wallOf, of: typeof median) => {
    const best = (all: readonly Round[][]) => Math.min(...all.map(each => of(kind(each))));
    return (best(times.slice(ours.length)) / best(times.slice(0, ours.length))).toFixed(2);
  };
  console.log(
    `  PyTorch / Descent: ${ratio(wallOf, median)} by medians, ${ratio(wallOf, least)} by bests; ` +
      `of processor time ${ratio(processorOf, median)} by medians, ${ratio(processorOf, least)} by bests`,
  );
}

const wallOf = (rounds: readonly Round[] = []) => rounds.map(({ wall }) => wall);
const processorOf = (rounds: readonly Round[] = []) => rounds.map(({ processor }) => processor);
