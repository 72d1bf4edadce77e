/**
 * A model and a dataset, opened once and asked many times: to be measured, to show samples, and to say what a drawing
 * is.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openCheckpoint } from '../../checkpoint';
import { readOptions } from '../../data/descent-json';
import type { ImageData, ImageSplit } from '../../data/image-data';
import type { SplitName } from '../../protocol/dataset';
import type { EvaluationReport } from '../../protocol/evaluation';
import { defaultConfig } from '../config';
import { messageOf, TrainingError } from '../errors';
import { reason } from '../file-errors';
import { openData } from '../models';
import { select } from '../splits';
import { readWeights } from './file-weights';
import { inferModel } from './inferred-model';
import { keepEvaluation } from './kept';
import { type MeasureObserver, measure } from './measure';
import { openOnnx } from './onnx-model';
import type { ModelChoices, OpenedModel, OpeningContext } from './opened-model';
import { reportOf } from './report';
import { modelOfRun, type RunOfCheckpoint, runOf } from './run-model';

/** What is to be evaluated. */
export interface EvaluationSubject {
  /** A checkpoint of a run, a file of weights, or an `.onnx` model. */
  readonly file: string;
  /** The folder of the data: null for the generated digits, undefined for the data of the checkpoint's run. */
  readonly folder?: string | null | undefined;
  readonly choices?: ModelChoices | undefined;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new TrainingError(`${file}: expected a checkpoint: ${reason(error)}`, { cause: error });
  }
  return hash.digest('hex');
}

async function openModel(context: OpeningContext, run: RunOfCheckpoint | undefined): Promise<OpenedModel> {
  const file = await openCheckpoint(context.file);
  try {
    if (file.format === 'onnx') return await openOnnx(context);
    const weights = await readWeights(file);
    const known = run && modelOfRun(run.config, weights.tensors, context);
    return known ?? (await inferModel(context, weights));
  } finally {
    file.close();
  }
}

/** Nobody needs what is still being read. */
function abandon({ train, validation, test }: ImageData): void {
  for (const part of [train, validation, test]) part?.pending?.abandon();
}

/** A model and a dataset. */
export class EvaluationSession {
  private constructor(
    readonly file: string,
    /** Of the file's content. */
    readonly sha256: string,
    /** The run that the file is a checkpoint of. */
    readonly run: RunOfCheckpoint | undefined,
    /** The folder of the data; null for the generated digits. */
    readonly folder: string | null,
    readonly data: ImageData,
    readonly model: OpenedModel,
  ) {}

  /**
   * Opens both, and finds out how the model is meant where its file does not say it.
   * @throws TrainingError, CheckpointError or DataError with one sentence
   */
  static async open(
    { file, folder, choices = {} }: EvaluationSubject,
    observer: MeasureObserver = {},
  ): Promise<EvaluationSession> {
    const sha256 = await sha256Of(file);
    const run = runOf(file);
    const chosen = folder === undefined ? (run?.config.dataset ?? null) : folder;
    const kept = folder === undefined || folder === null ? run?.config.data : readOptions(folder);
    // What a network was trained on went through the transforms of its run, and so must what it is measured on.
    const { transforms, targetTransform } = run?.config.data ?? {};
    const options = run === undefined ? kept : { ...kept, transforms, targetTransform };
    const data = await openData(run?.config ?? defaultConfig, chosen ?? undefined, options);
    const model = await openModel({ file, data, choices, observer }, run).catch((error: unknown) => {
      abandon(data);
      throw error;
    });
    return new EvaluationSession(file, sha256, run, chosen, data, model);
  }

  /** A part of the data. */
  split(name: SplitName): ImageSplit {
    const split = this.data[name];
    if (split === undefined) throw new TrainingError(`${this.data.name}: has no ${name} set`);
    return split;
  }

  /**
   * Measures the model; a checkpoint of a run has the report kept in the run's folder. One that cannot be kept there
   * says why.
   */
  async evaluate(name: SplitName, observer: MeasureObserver = {}): Promise<EvaluationReport> {
    const split = this.split(name);
    const { scorer, task, description: model, assumptions, tried } = this.model;
    const began = performance.now();
    const measured = await measure(scorer, task, { split }, this.data.classes.length, observer);
    if (!Number.isFinite(measured.loss)) {
      throw new TrainingError(
        `${this.file}: the loss is ${measured.loss}: the weights are of a run that diverged`,
      );
    }
    const report = reportOf(measured, this.data, await this.data.fingerprint, {
      checkpoint: { file: this.file, sha256: this.sha256 },
      folder: this.folder,
      split: name,
      model,
      seconds: (performance.now() - began) / 1000,
      assumptions,
      tried,
    });
    if (this.run === undefined) return report;
    try {
      await keepEvaluation(this.run.folder, report);
      return report;
    } catch (error) {
      return { ...report, notKept: messageOf(error) };
    }
  }

  /** Some samples and their classes, which are read first where that has not happened yet. */
  async samples(name: SplitName, indices: readonly number[]) {
    const split = this.split(name);
    const outside = indices.find(index => index >= split.length);
    if (outside !== undefined) throw new TrainingError(`${this.data.name}: has no ${name} sample ${outside}`);
    const rows = Int32Array.from(indices);
    await split.pending?.need(rows);
    const { images: numbers, labels } = select({ split, rows }, 0, rows.length);
    return { numbers, labels };
  }

  /** The probability of each class for one image of the data's size. */
  async predict(pixels: Uint8Array): Promise<Float64Array> {
    const { shape } = this.data.train;
    const size = shape.reduce((product, length) => product * length, 1);
    if (pixels.length !== size) {
      throw new TrainingError(`expected an image of ${shape.join('×')}, found ${pixels.length} pixels`);
    }
    const { scorer, task } = this.model;
    const scores = await scorer.score({ numbers: pixels, count: 1, shape });
    return task.probabilities(scores, 0, this.data.classes.length);
  }

  /** Lets go of the model, and of what is still being read of the data. */
  async close(): Promise<void> {
    abandon(this.data);
    await this.model.scorer.release?.();
  }
}
