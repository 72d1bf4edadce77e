/** One run as its folder tells it: what it is, how it stands, and everything that it measured. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunState, RunStatus, RunSummary, SeriesAnswer, SeriesQuery } from '../protocol/dashboard';
import { firstLook } from './first-look';
import { GraphFiles } from './graph-files';
import { LineReader, openFile } from './line-reader';
import { readInfo, readLine, type StoredInfo } from './lines';
import { LooksHistory } from './looks';
import { lookAt } from './query';
import { lastHeard } from './run-lock';
import { RunMetrics } from './run-metrics';
import { Speed } from './speed';

/** A run that says it is running and has written nothing for so many milliseconds has ended without a word. */
const silence = 60_000;

/** Of metrics of more bytes there is a first look while they are read. */
const largeFile = 8 << 20;

/** What is known of a run from elsewhere than its folder. */
export interface LiveState {
  /** `interrupted` where its process has ended and has not said so. */
  readonly state: 'running' | 'paused' | 'interrupted';
  readonly learningRate?: number | undefined;
  /** Why the run has paused by itself, where it has. */
  readonly note?: string | undefined;
  /** The node of its graph that this is about. */
  readonly noteNode?: number | undefined;
}

/** No `run.json` has more bytes; what has is something else. */
const largestInfo = 1 << 20;

/** Reads `run.json` of a folder; undefined if it is no run. */
export async function readRunInfo(folder: string): Promise<StoredInfo | undefined> {
  const file = await openFile(path.join(folder, 'run.json'));
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    return size > largestInfo ? undefined : readInfo(await file.readFile('utf8'));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Names that runs are given when they begin: `2026-11-22_08-19-00_mnist-mlp`. */
const automatic = /^\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}_/;

/** A run in a list. */
export function summarise(id: string, info: StoredInfo, state: RunState): RunSummary {
  const { epochs, ...settings } = info.config;
  return {
    id,
    name: automatic.test(id) ? null : id,
    state,
    created: info.created,
    model: info.model,
    dataset: info.dataset.name,
    device: info.device,
    epochs,
    settings,
    testAccuracy: info.testAccuracy,
    error: info.error,
  };
}

/** How a run stands, by its `run.json` and by when it last wrote anything. */
export function stateOf(info: StoredInfo, changed: number, live?: LiveState): RunState {
  const going = info.status === 'running' || info.status === 'paused';
  if (live !== undefined && (going || live.state !== 'interrupted')) return live.state;
  return going && Date.now() - changed > silence ? 'interrupted' : info.status;
}

/** One run, read as far as it has been written. */
export class RunHistory {
  /** Counts what has changed. */
  #revision = 0;
  #changed = 0;
  /** When its process was last heard of, where that is known. */
  #heard: number | undefined;
  #metrics: RunMetrics;
  /** What is shown while all that there was at the beginning is read, and how far that is. */
  #firstLook: RunMetrics | undefined;
  #share = 0;
  #updating: Promise<boolean> | undefined;
  readonly #reader: LineReader;
  /** What was seen of the network; it is read when somebody asks. */
  readonly looks: LooksHistory;
  /** The graph of its step. */
  readonly graph: GraphFiles;
  readonly #speed = new Speed();

  private constructor(
    readonly id: string,
    private readonly folder: string,
    private info: StoredInfo,
  ) {
    this.#metrics = new RunMetrics(info);
    this.#reader = new LineReader(path.join(folder, 'metrics.jsonl'));
    this.looks = new LooksHistory(path.join(folder, 'looks.jsonl'));
    this.graph = new GraphFiles(folder);
  }

  /**
   * Opens the folder of a run and reads everything in it; of a large one it takes a first look and reads on, which
   * {@link update} waits for. Undefined if it is no run.
   */
  static async open(folder: string): Promise<RunHistory | undefined> {
    const info = await readRunInfo(folder);
    if (info === undefined) return undefined;
    const run = new RunHistory(path.basename(folder), folder, info);
    const file = run.#reader.path;
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size > largeFile) {
      run.#firstLook = await firstLook(file, info);
      run.update().catch(() => undefined);
    } else await run.update();
    return run;
  }

  /** What the run has measured, as far as it has been read. */
  get metrics(): RunMetrics {
    return this.#firstLook ?? this.#metrics;
  }

  /** How far the reading is, between 0 and 1; null when all was read. */
  get reading(): number | null {
    return this.#firstLook === undefined ? null : this.#share;
  }

  /** Reads what has been added since; tells whether there was anything. */
  update(): Promise<boolean> {
    this.#updating ??= this.#readOn().finally(() => {
      this.#updating = undefined;
    });
    return this.#updating;
  }

  async #readOn(): Promise<boolean> {
    const before = this.#revision;
    const info = await readRunInfo(this.folder);
    if (info !== undefined && JSON.stringify(info) !== JSON.stringify(this.info)) {
      this.info = info;
      this.#revision++;
    }
    for await (const { replaced, lines, share, changed } of this.#reader.read()) {
      if (replaced) {
        this.#metrics = new RunMetrics(this.info);
        this.#revision++;
      }
      for (const text of lines) {
        const line = readLine(text);
        if (line !== undefined) this.#metrics.add(line);
      }
      if (lines.length > 0) this.#revision++;
      this.#changed = changed;
      this.#share = share;
    }
    this.#firstLook = undefined;
    // A run that rests writes nothing, and one whose process was killed says nothing of it.
    const going = this.info.status === 'running' || this.info.status === 'paused';
    const heard = going ? await lastHeard(this.folder) : undefined;
    if ((heard === 0) !== (this.#heard === 0)) this.#revision++;
    this.#heard = heard;
    const { step } = this.#metrics;
    this.#speed.see(step);
    const elapsed = (this.#changed - Date.parse(this.info.created)) / 1000;
    if (step > 0) this.#metrics.guessSecondsPerStep(elapsed / step);
    return this.#revision !== before;
  }

  /** Looks at a part of a series; undefined if the run has no such series. */
  query(query: SeriesQuery): SeriesAnswer | undefined {
    const { metrics } = this;
    const series = metrics.series(query.series);
    return series && lookAt(series, metrics.scale(query.axis), query, this.reading === null);
  }

  #accuracy(): RunStatus['accuracy'] {
    if (this.info.testAccuracy !== null) return { value: this.info.testAccuracy, of: 'test' };
    const last = this.metrics.epochs.at(-1);
    if (last === undefined) return null;
    if (last.validationAccuracy !== null) return { value: last.validationAccuracy, of: 'validation' };
    return last.trainAccuracy === null ? null : { value: last.trainAccuracy, of: 'training' };
  }

  /** How the run stands. */
  status(live?: LiveState): RunStatus {
    const { info, metrics } = this;
    const state = stateOf(info, this.#heard ?? (this.#changed || Date.parse(info.created)), live);
    const steps = metrics.stepsPerEpoch * info.config.epochs;
    const going = state === 'running' || state === 'paused';
    const { epoch: complete = 0, step: lastStep = 0 } = metrics.epochs.at(-1) ?? {};
    const secondsTaken = metrics.scale('time').value(metrics.step);
    const perSecond = state === 'running' ? this.#speed.stepsPerSecond : undefined;
    // Lately or, of a run that rests or is over, on the average.
    const samplesPerSecond =
      info.config.batchSize * (perSecond ?? (secondsTaken > 0 ? metrics.step / secondsTaken : 0));
    const rates = metrics.series('learning-rate');
    // Of a schedule only the steps themselves say which rate they have.
    const scheduled = (info.config.scheduler ?? 'none') !== 'none';
    return {
      summary: summarise(this.id, info, state),
      live: live !== undefined && live.state !== 'interrupted',
      deviceReason: info.deviceReason,
      parameters: info.parameters,
      step: metrics.step,
      steps,
      epoch: Math.min(complete + (going || metrics.step > lastStep ? 1 : 0), info.config.epochs),
      secondsLeft: perSecond === undefined ? null : Math.max(0, steps - metrics.step) / perSecond,
      secondsTaken,
      learningRate:
        (scheduled ? undefined : live?.learningRate) ??
        rates?.value(rates.length - 1) ??
        info.config.lr ??
        null,
      samplesPerSecond: samplesPerSecond > 0 ? samplesPerSecond : null,
      series: metrics.names,
      reading: this.reading,
      note: live?.note ?? null,
      noteNode: live?.noteNode ?? null,
      best: metrics.best,
      stoppedEarly: metrics.stoppedEarly,
      overfitting: metrics.overfitting,
      testLoss: info.testLoss,
      accuracy: this.#accuracy(),
    };
  }
}
