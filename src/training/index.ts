/** Training and evaluating models: what the command line and the extension use. */

export { keepOptions } from '../data/descent-json';
export { type DataOptions, formatNames } from '../data/options';
export { completeConfig, type RunChoices } from './complete-config';
export * from './config';
export { checkDevice } from './device-check';
export { messageOf, TrainingError } from './errors';
export { type Evaluation, evaluate } from './evaluate';
export { type CheckpointReport, evaluateCheckpoint } from './evaluate-checkpoint';
export { type Exported, type ExportForm, exportCheckpoint, exportForms } from './export-checkpoint';
export type { Inspection } from './inspection/inspection';
export { type ClassScore, scoresPerClass } from './metrics';
export { MetricsFile, readLosses, type StepLoss } from './metrics-file';
export { RunControl } from './run-control';
export type { RunObserver } from './run-observer';
export { type ResumeChanges, resume, type TrainOptions, train } from './train';
