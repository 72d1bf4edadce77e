/** Who follows a run, and what is told of its steps. */
import type { TrainingEvent } from '../protocol/training-events';
import type { PreparationObserver } from './preparation';
import type { RunControl } from './run-control';

/** How the caller follows and stops a run. */
export interface RunObserver extends PreparationObserver {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Stops the run within a moment; it can be resumed if it has taken a step. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the network is looked into while it is trained: its graph, norms, statistics and histograms; it is by default. */
  readonly looks?: boolean;
  /** Pauses the run, lets it take single steps, and changes its learning rate. */
  readonly control?: RunControl | undefined;
}

/** What is written down of some steps. */
export interface StepsLine {
  /** The last of them. */
  readonly step: number;
  readonly epoch: number;
  readonly losses: readonly number[];
  readonly learningRate: number;
  /** Seconds that all steps of the run have taken up to the last of these. */
  readonly seconds: number;
  /** The L2 norm of all gradients together, of the last step, where it was looked at. */
  readonly gradientNorms?: readonly number[];
}
