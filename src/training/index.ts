/** Training and evaluating models: what the command line and the extension use. */

export { oneLine } from '../data/data-error';
export { DataQuestion } from '../data/data-question';
export { keepOptions } from '../data/descent-json';
export { type DataOptions, formatNames, transformsSchema } from '../data/options';
export { completeConfig, type RunChoices } from './complete-config';
export * from './config';
export { checkDevice } from './device-check';
export { messageOf, TrainingError } from './errors';
export { evaluateCheckpoint } from './evaluation/evaluate-checkpoint';
export { findEvaluation } from './evaluation/kept';
export { type Evaluation, evaluate, type MeasureObserver } from './evaluation/measure';
export type { ModelChoices } from './evaluation/opened-model';
export { EvaluationSession, type EvaluationSubject } from './evaluation/session';
export { type Exported, type ExportForm, exportCheckpoint, exportForms } from './export-checkpoint';
export type { Inspection } from './inspection/inspection';
export { type ExampleBatch, graphOfModule } from './inspection/module-graph';
export { scoresPerClass } from './metrics';
export { MetricsFile, readLosses, type StepLoss } from './metrics-file';
export { RunControl } from './run-control';
export type { RunObserver } from './run-observer';
export { type ResumeChanges, resume, type TrainOptions, train } from './train';
