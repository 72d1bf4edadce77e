/** Training and evaluating models: what the command line and the extension use. */
export * from './config';
export { messageOf, TrainingError } from './errors';
export { type Evaluation, evaluate } from './evaluate';
export { type CheckpointReport, evaluateCheckpoint } from './evaluate-checkpoint';
export { type ClassScore, scoresPerClass } from './metrics';
export type { RunObserver } from './run';
export { type ResumeChanges, resume, type TrainOptions, train } from './train';
