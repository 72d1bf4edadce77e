/**
 * `metrics.jsonl` and `looks.jsonl`: what happened in a run, and what was seen, a JSON object a line. Lines are only ever added, so that after a
 * crash everything is there but perhaps a part of the last line, which readers pass over.
 */
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { writeFileAtomic } from '../checkpoint';
import { attempt } from './file-errors';

/** A line: what happened, and the last step before it. */
export interface MetricsLine {
  readonly event: string;
  readonly step: number;
  readonly [name: string]: unknown;
}

const lineSchema = z.looseObject({
  event: z.string(),
  step: z.number(),
  seconds: z.number().optional().catch(undefined),
});
const lossesSchema = z.object({ event: z.literal('steps'), step: z.number(), losses: z.array(z.number()) });

/** The ends of a run; they are not true any more when it is resumed. */
const endings: ReadonlySet<string> = new Set(['end', 'stopped']);

/** The loss of a step. */
export interface StepLoss {
  /** Counted from 1. */
  readonly step: number;
  readonly loss: number;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The lines of the file; none where there is no file, or something else (a device, a pipe) in its place. */
function linesOf(file: string): string[] {
  return attempt('cannot be read', file, () => {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return [];
    return readFileSync(file, 'utf8').split('\n');
  });
}

/** The losses of all steps that a metrics file tells of, in their order. */
export function readLosses(file: string): StepLoss[] {
  return linesOf(file).flatMap(line => {
    const { success, data } = lossesSchema.safeParse(parse(line));
    if (!success) return [];
    const first = data.step - data.losses.length + 1;
    return data.losses.map((loss, i) => ({ step: first + i, loss }));
  });
}

/** A line that was kept, and the seconds of training that it tells of. */
export interface LastLine {
  readonly step: number;
  readonly seconds?: number | undefined;
}

/** The file of one run, open for adding lines. */
export class MetricsFile {
  #descriptor: number | undefined;

  constructor(readonly path: string) {}

  /** Adds a line; it is on its way to the disk when this returns. */
  append(line: MetricsLine): void {
    attempt('cannot be written', this.path, () => {
      this.#descriptor ??= openSync(this.path, 'a');
      writeFileSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    });
  }

  /**
   * Removes what is told of steps after `step`, the end of the run, and a last line that was cut off.
   * @returns the last line of steps, or of a look, that is left
   */
  async truncate(step: number): Promise<LastLine | undefined> {
    const lines = linesOf(this.path);
    if (lines.length === 0) return undefined;
    let last: LastLine | undefined;
    const kept = lines.filter(line => {
      const { success, data } = lineSchema.safeParse(parse(line));
      if (!success || data.step > step || endings.has(data.event)) return false;
      if (data.event === 'steps' || data.event === 'look') last = data;
      return true;
    });
    await writeFileAtomic(this.path, new TextEncoder().encode(kept.map(line => `${line}\n`).join('')));
    return last;
  }

  /** Closes the file. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
