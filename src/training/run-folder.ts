/**
 * A run is a folder: `run.json` says what was asked for, `metrics.jsonl` what happened, `checkpoints/` holds
 * the weights. Everything that is shown of a run can be read from there.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../checkpoint';
import { runConfigSchema } from './config';
import { TrainingError } from './errors';

const summarySchema = z.object({
  name: z.string(),
  train: z.number(),
  validation: z.number(),
  test: z.number(),
  shape: z.array(z.number()),
  classes: z.array(z.string()),
});

/** What `run.json` holds. */
export const runInfoSchema = z.object({
  format: z.literal(1),
  config: runConfigSchema,
  created: z.string(),
  status: z.enum(['running', 'stopped', 'finished', 'failed']),
  model: z.string(),
  parameters: z.number(),
  device: z.string(),
  deviceReason: z.string(),
  dataset: summarySchema.extend({ fingerprint: z.string() }),
  versions: z.record(z.string(), z.string()),
  testLoss: z.number().nullable(),
  testAccuracy: z.number().nullable(),
  error: z.string().nullable(),
});

/** What `run.json` holds. */
export type RunInfo = z.infer<typeof runInfoSchema>;

const metricsLineSchema = z.looseObject({ event: z.string(), step: z.number() });

/** A line of `metrics.jsonl`: what happened, and the last step before it. */
export interface MetricsLine {
  readonly event: string;
  readonly step: number;
  readonly [name: string]: unknown;
}

/** A moment as the start of a folder's name: `2026-11-22_06-57-36`. */
function timestamp(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}_${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('-')}`;
}

/** A file operation whose failure is told in one sentence. */
function attempt<T>(what: string, file: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new TrainingError(`${file}: ${what}: ${explain(code)}`, { cause: error });
  }
}

function explain(code: string): string {
  if (code === 'ENOSPC') return 'the disk is full; free some space, or choose another folder with --runs';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return 'no permission to write there; choose another folder with --runs';
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'there is a file where a folder is needed';
  if (code === 'ENOENT') return 'it does not exist';
  return code;
}

/** The folder of a run. */
export class RunFolder {
  #metrics: number | undefined;

  private constructor(readonly path: string) {}

  /** Makes the folder of a new run: `<runs>/<date>_<name>`. */
  static create(runs: string, name: string, now = new Date()): RunFolder {
    const base = path.join(runs, `${timestamp(now)}_${name}`);
    let folder = base;
    for (let i = 2; existsSync(folder); i++) folder = `${base}-${i}`;
    attempt('the folder of the run cannot be made', folder, () =>
      mkdirSync(path.join(folder, 'checkpoints'), { recursive: true }),
    );
    return new RunFolder(folder);
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
        `${file}: is not what a run writes: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
      );
    }
    return { folder: new RunFolder(folder), info: parsed.data };
  }

  /** The last state, from which the run can go on. */
  get last(): string {
    return path.join(this.path, 'checkpoints', 'last.pt');
  }

  /** The best weights so far. */
  get best(): string {
    return path.join(this.path, 'checkpoints', 'best.pt');
  }

  /** Writes `run.json`. */
  async writeInfo(info: RunInfo): Promise<void> {
    const text = `${JSON.stringify(info, null, 2)}\n`;
    await writeFileAtomic(path.join(this.path, 'run.json'), new TextEncoder().encode(text));
  }

  /** Adds a line to `metrics.jsonl`; it is on its way to the disk when this returns. */
  appendMetrics(line: MetricsLine): void {
    const file = path.join(this.path, 'metrics.jsonl');
    attempt('cannot be written', file, () => {
      this.#metrics ??= openSync(file, 'a');
      writeSync(this.#metrics, `${JSON.stringify(line)}\n`);
    });
  }

  /** Removes what `metrics.jsonl` tells of steps after `step`, and a last line that was cut off. */
  async truncateMetrics(step: number): Promise<void> {
    const file = path.join(this.path, 'metrics.jsonl');
    if (!existsSync(file)) return;
    const kept = readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => {
        const parsed = metricsLineSchema.safeParse(parseJson(line));
        return parsed.success && parsed.data.step <= step;
      });
    await writeFileAtomic(file, new TextEncoder().encode(kept.map(line => `${line}\n`).join('')));
  }

  /** Closes what is open. */
  close(): void {
    if (this.#metrics !== undefined) closeSync(this.#metrics);
    this.#metrics = undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
