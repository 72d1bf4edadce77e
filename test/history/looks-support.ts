/** Looks at made-up tensors, as the trainer writes them down. */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type KeptLook, type KeptTensor, readLook } from '../../src/history/looks-line';
import type { SeenAt } from '../../src/history/looks-tensors';
import type { Look, SeenTensor } from '../../src/protocol/looks';
import { examine } from '../../src/statistics/statistics';
import { temporaryFolder } from './support';

/** What was seen of some values. */
export function seen(values: ArrayLike<number>): SeenTensor {
  return examine(Float32Array.from(values));
}

/** The same as it is kept. */
export function kept(values: ArrayLike<number>): KeptTensor {
  const { statistics, histogram } = seen(values);
  return {
    statistics,
    bins: Int16Array.from(histogram.bins),
    counts: Float64Array.from(histogram.counts),
    near: histogram.near,
  };
}

/** Looks at some values at steps that follow each other. */
export function looksAt(...steps: readonly ArrayLike<number>[]): SeenAt[] {
  return steps.map((values, step) => ({ step, tensor: kept(values) }));
}

/** A bell of values, the same each time. */
export function bell(count: number, width: number, middle = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const share = (i + 0.5) / count;
    return middle + (width * Math.log(share / (1 - share))) / 1.7;
  });
}

/** What is told of a linear layer. */
export interface Told {
  readonly weight?: ArrayLike<number>;
  readonly gradient?: ArrayLike<number> | null;
  readonly update?: number | null;
  /** The share of dead units of the ReLU behind it; null for no ReLU. */
  readonly dead?: number | null;
}

/** A look at linear layers with ReLUs between them: fc1, relu1, fc2 … */
export function lookOf(step: number, layers: readonly Told[]): Look {
  const activations = layers.flatMap(({ dead = null }, i) => {
    const told = { value: seen([0, 1, 2]), gradient: seen([0, 0.1]) };
    const linear = { name: 'AddmmBackward0', module: `fc${i + 1}`, dead: null, ...told };
    const relu = { name: 'ReluBackward0', module: `relu${i + 1}`, dead, ...told };
    return dead === null ? [linear] : [linear, relu];
  });
  return {
    step,
    epoch: 1,
    parameters: layers.map(({ weight = [3, 4], gradient = [0.3, 0.4], update = 0.001 }, i) => ({
      name: `fc${i + 1}.weight`,
      value: seen(weight),
      gradient: gradient && seen(gradient),
      updateRatio: update,
    })),
    activations: activations.map((activation, i) => ({ ...activation, node: activations.length - 1 - i })),
  };
}

/** A line of the file. */
export const lineOf = (look: Look) => JSON.stringify({ event: 'look', ...look });

/** The look as it is kept. */
export function keptLook(step: number, layers: readonly Told[]): KeptLook {
  const look = readLook(lineOf(lookOf(step, layers)));
  if (look === undefined) throw new Error('this is no look');
  return look;
}

/** A `looks.jsonl` with lines in it, in a folder that is gone after the test. */
export function looksFile(...lines: readonly string[]): string {
  const folder = path.join(temporaryFolder(), 'run');
  mkdirSync(folder);
  const file = path.join(folder, 'looks.jsonl');
  appendFileSync(file, lines.map(line => `${line}\n`).join(''));
  return file;
}
