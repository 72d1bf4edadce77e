/**
 * A run is a folder: `run.json` says what was asked for, `metrics.jsonl` what happened, `checkpoints/` holds
 * the weights. Everything that is shown of a run can be read from there.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { writeFileAtomic } from '../checkpoint';
import { devices } from '../engine';
import { runConfigSchema } from './config';
import { TrainingError } from './errors';
import { attempt } from './file-errors';
import { makeFolder, makeFolders } from './make-folder';
import { MetricsFile } from './metrics-file';

const summarySchema = z.object({
  name: z.string(),
  train: z.number(),
  validation: z.number(),
  test: z.number(),
  shape: z.array(z.number()),
  classes: z.array(z.string()),
  /** How the folder was read, what to know of it, and what of it was left out. */
  reading: z.string().optional(),
  notes: z.array(z.string()).optional(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })).optional(),
});

/** What `run.json` holds. */
export const runInfoSchema = z.object({
  format: z.literal(1),
  config: runConfigSchema,
  created: z.string(),
  status: z.enum(['running', 'stopped', 'finished', 'failed']),
  model: z.string(),
  parameters: z.number(),
  device: z.enum(devices),
  deviceReason: z.string(),
  dataset: summarySchema.extend({ fingerprint: z.string() }),
  versions: z.record(z.string(), z.string()),
  testLoss: z.number().nullable(),
  testAccuracy: z.number().nullable(),
  error: z.string().nullable(),
});

/** What `run.json` holds. */
export type RunInfo = z.infer<typeof runInfoSchema>;

/** A moment as the start of a folder's name: `2026-11-22_06-57-36`. */
function timestamp(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}_${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('-')}`;
}

/** The folder of a run. */
export class RunFolder {
  /** What happened in the run. */
  readonly metrics: MetricsFile;
  /** What was seen in the network. */
  readonly looks: MetricsFile;

  private constructor(
    readonly path: string,
    /** Whether the folder of runs was made for this one. */
    private readonly madeRuns = false,
  ) {
    this.metrics = new MetricsFile(this.#file('metrics.jsonl'));
    this.looks = new MetricsFile(this.#file('looks.jsonl'));
  }

  /** Makes the folder of a new run, `<runs>/<date>_<name>`; never one that another run has made. */
  static create(runs: string, name: string, now = new Date()): RunFolder {
    const base = path.join(runs, `${timestamp(now)}_${name}`);
    const what = `the folder of the run cannot be made`;
    const madeRuns = attempt(what, base, () => makeFolders(path.resolve(runs)));
    let folder = base;
    for (let i = 2; !attempt(what, folder, () => makeFolder(folder)); i++) folder = `${base}-${i}`;
    attempt(what, folder, () => mkdirSync(path.join(folder, 'checkpoints')));
    return new RunFolder(folder, madeRuns);
  }

  /** Opens the folder of an earlier run. */
  static open(folder: string): { folder: RunFolder; info: RunInfo } {
    const file = path.join(folder, 'run.json');
    const text = attempt('expected the folder of a run, with a run.json', file, () =>
      readFileSync(file, 'utf8'),
    );
    const parsed = runInfoSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new TrainingError(
        `${file}: expected what a run writes, found something else: ` +
          `${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
      );
    }
    return { folder: new RunFolder(folder), info: parsed.data };
  }

  #file(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  /** The last state, from which the run can go on. */
  get last(): string {
    return this.#file('checkpoints', 'last.pt');
  }

  /** The graph of the network's step. */
  get graph(): string {
    return this.#file('graph.json');
  }

  /** The best weights so far. */
  get best(): string {
    return this.#file('checkpoints', 'best.pt');
  }

  /** Whether there is a state from which the run can go on. */
  get hasProgress(): boolean {
    return existsSync(this.last);
  }

  /** Writes `run.json`. */
  async writeInfo(info: RunInfo): Promise<void> {
    const text = `${JSON.stringify(info, null, 2)}\n`;
    await writeFileAtomic(this.#file('run.json'), new TextEncoder().encode(text));
  }

  /** Removes the folder of a run that did not even begin. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    if (!this.madeRuns) return;
    try {
      rmdirSync(path.dirname(this.path));
    } catch {
      // Another run has begun there.
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
