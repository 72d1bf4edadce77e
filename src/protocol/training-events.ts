/** What a training run tells: one object an event, the same on the command line, in the editor and on disk. */

/** The data that a run trains on. */
export interface DatasetSummary {
  readonly name: string;
  /** Numbers of samples. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** The shape of a sample, such as `[28, 28]`. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  /** How the folder was read: "images in 10 class folders under train/". */
  readonly reading?: string | undefined;
  /** What a person should know of it: images that are resized, a column that is left out. */
  readonly notes?: readonly string[] | undefined;
  /** Files and rows that were left out because they cannot be read. */
  readonly skipped?: readonly { readonly file: string; readonly reason: string }[] | undefined;
}

/** A run begins. */
export interface StartEvent {
  readonly event: 'start';
  /** The run's folder. */
  readonly run: string;
  /** The model's name and its layers, such as `mnist-mlp 784-256-10`. */
  readonly model: string;
  /** How many numbers are learned. */
  readonly parameters: number;
  readonly device: string;
  /** Why this device: what was measured, or what is missing. */
  readonly deviceReason: string;
  readonly dataset: DatasetSummary;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** How it learns, and what it does against overfitting: `sgd with momentum 0.9`, `dropout 0.3`. */
  readonly learning: readonly string[];
  /** Steps that were done before: not 0 in a resumed run. */
  readonly step: number;
}

/** Some steps were done; `loss` is that of the last one. */
export interface StepEvent {
  readonly event: 'step';
  /** Counted from 1 over all epochs. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly loss: number;
  /** The learning rate that the last one was taken with. */
  readonly learningRate: number;
}

/** An epoch is over. Accuracies are between 0 and 1; null where there is no validation set. */
export interface EpochEvent {
  readonly event: 'epoch';
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** The run is complete. Null where there is no test set. */
export interface EndEvent {
  readonly event: 'end';
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
  /** The epoch with the best validation accuracy (or the lowest training loss): these weights were tested. */
  readonly bestEpoch: number;
  /** Whether it ended before its last epoch, since it had not become better for as long as was asked. */
  readonly stoppedEarly: boolean;
  /** The file with the best weights. */
  readonly checkpoint: string;
  readonly run: string;
  readonly seconds: number;
}

/** The run was stopped before its end and can be resumed. */
export interface StoppedEvent {
  readonly event: 'stopped';
  readonly epoch: number;
  readonly step: number;
  readonly checkpoint: string;
  readonly run: string;
}

/** The run was paused by itself before a step that goes wrong. */
export interface BreakpointEvent {
  readonly event: 'breakpoint';
  readonly epoch: number;
  /** Steps that have been taken: the one that goes wrong is the next. */
  readonly step: number;
  /** Such as `the loss became NaN`. */
  readonly reason: string;
  /** The first place where it goes wrong; null where there is none: the number of its node in the graph, … */
  readonly node: number | null;
  /** … what of the node: its value, the gradient that arrives, or the parameter after the step, … */
  readonly of: 'value' | 'gradient' | 'update' | null;
  /** … and its name, such as `AddmmBackward0 of fc1`. */
  readonly name: string | null;
}

/** What only the person can tell about the data: what it can be, with what is to be kept beside it for each answer. */
export interface DataQuestionWords {
  /** The folder, or the file that was chosen in place of one. */
  readonly folder: string;
  readonly choices: readonly {
    readonly label: string;
    readonly description?: string | undefined;
    /** What goes into its `descent.json`. */
    readonly options: Readonly<Record<string, unknown>>;
  }[];
}

/** The run failed. */
export interface ErrorEvent {
  readonly event: 'error';
  readonly message: string;
  /** Where it could go on after an answer. */
  readonly question?: DataQuestionWords | undefined;
}

/** Anything that a run tells. */
export type TrainingEvent =
  | StartEvent
  | StepEvent
  | EpochEvent
  | EndEvent
  | StoppedEvent
  | BreakpointEvent
  | ErrorEvent;
