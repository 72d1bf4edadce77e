/** How the shapes that are read compare with those that PyTorch had (trace.py). */
import * as z from 'zod';
import { type Axis, analyse } from '../../../src/python';

const shape = z.array(z.number());
/** What trace.py writes: places with the shapes that stood there. */
export const traceSchema = z.array(
  z.tuple([z.number(), z.number(), z.number(), z.number(), z.string(), z.array(shape)]),
);

/** A trace. */
export type Trace = z.infer<typeof traceSchema>;

/** The counts of one file. */
export interface Score {
  /** Places where PyTorch saw a tensor. */
  occurrences: number;
  /** Those of them that have a hover. */
  hovers: number;
  /** Those of the hovers that name every shape that PyTorch saw. */
  right: number;
  /** Axes that are the same in every run, of places with a hover, and those of them that are numbers. */
  fixedAxes: number;
  numbers: number;
  /** Diagnostics, though the file runs. */
  alarms: number;
  /** What is wrong and what is missing, in words. */
  readonly wrong: string[];
  readonly missing: string[];
}

/** True if a shape is among those shown. */
function shownAmong(shown: readonly (readonly Axis[])[], seen: readonly number[]): boolean {
  return shown.some(
    axes =>
      axes.length === seen.length && axes.every((axis, i) => typeof axis === 'string' || axis === seen[i]),
  );
}

/** The sizes that an axis took, as a text; undefined where the ranks differ. */
function sizesAt(shapes: readonly (readonly number[])[], axis: number): string {
  return [...new Set(shapes.map(one => one[axis]))].sort((a, b) => Number(a) - Number(b)).join();
}

/** Compares one file with the traces of two runs of it. */
export function score(text: string, [first, second]: readonly [Trace, Trace]): Score {
  const { occurrences, diagnostics } = analyse(text, { budget: 20_000 });
  const found = new Map(
    occurrences
      .filter(one => one.kind === 'tensor' && one.shapes.length > 0)
      .map(one => [`${one.range.start.line}:${one.range.start.column}:${one.text}`, one.shapes]),
  );
  const again = new Map(
    second.map(([line, column, , , name, shapes]) => [`${line}:${column}:${name}`, shapes]),
  );
  const result: Score = {
    ...{ occurrences: 0, hovers: 0, right: 0, fixedAxes: 0, numbers: 0 },
    ...{ alarms: diagnostics.length, wrong: [], missing: [] },
  };
  for (const { range, message } of diagnostics)
    result.wrong.push(`line ${range.start.line}: false alarm: ${message}`);
  for (const [line, column, , , name, shapes] of first) {
    const key = `${line}:${column}:${name}`;
    const other = again.get(key) ?? shapes;
    const shown = found.get(key);
    result.occurrences++;
    if (shown === undefined) {
      result.missing.push(`${key} ${JSON.stringify(shapes)}`);
      continue;
    }
    result.hovers++;
    const rank = shapes[0]?.length ?? 0;
    // The shapes of the second run are as true as those of the first.
    if ([...shapes, ...other].every(one => shownAmong(shown, one))) result.right++;
    else result.wrong.push(`${key} shows ${JSON.stringify(shown)}, PyTorch has ${JSON.stringify(shapes)}`);
    for (let axis = 0; axis < rank; axis++) {
      if (sizesAt(shapes, axis) !== sizesAt(other, axis)) continue;
      result.fixedAxes++;
      if (shown.every(axes => axes.length !== rank || typeof axes[axis] === 'number')) result.numbers++;
    }
  }
  return result;
}
