/** A compiled step as data, and what a runner of it does. */
import type { Device } from '../device';
import type { TypedArray } from '../dtype';
import type { Buffer, Expr } from '../expr';

/** A step as expressions. */
export interface StepProgram {
  readonly device: Device;
  /** Placeholders for the state before the step. */
  readonly state: readonly Expr[];
  /** The state after the step, in the same order. */
  readonly newState: readonly Expr[];
  /** Placeholders for what the host provides at each step. */
  readonly inputs: readonly Expr[];
  /** What is wanted after each step. */
  readonly outputs: readonly Expr[];
}

/** What a runner gives back. */
export interface StepResult {
  readonly state: readonly Buffer[];
  /** For each output its numbers, one step after the other. */
  readonly outputs: TypedArray[];
}

/** Runs a step program. */
export interface StepRunner {
  /** @param inputs for each input its numbers, one step after the other */
  run(count: number, state: readonly Buffer[], inputs: readonly TypedArray[]): Promise<StepResult>;
  release(): Promise<void>;
}
