/** A model that is ready to be measured, and what had to be assumed about it. */
import type { ImageData } from '../../data/image-data';
import type { ActivationName, ScalingName } from '../../protocol/choices';
import type { Assumption, EvaluationReport } from '../../protocol/evaluation';
import type { Task } from '../tasks';
import type { MeasureObserver } from './measure';
import type { Scorer } from './scorer';

/** What a person says about a model whose file does not say it; what they leave open is found out. */
export interface ModelChoices {
  readonly activation?: ActivationName | undefined;
  readonly scaling?: ScalingName | undefined;
}

/** What a model is opened for. */
export interface OpeningContext {
  readonly file: string;
  readonly data: ImageData;
  readonly choices: ModelChoices;
  readonly observer: MeasureObserver;
}

/** A model that is ready to be measured. */
export interface OpenedModel {
  readonly scorer: Scorer;
  readonly task: Task;
  /** Such as `mnist-mlp 784-256-10`. */
  readonly description: string;
  readonly assumptions: readonly Assumption[];
  readonly tried: EvaluationReport['tried'];
}

/** Where nothing had to be tried. */
export const nothingTried: EvaluationReport['tried'] = { samples: 0, attempts: [] };
