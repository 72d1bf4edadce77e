/** A compiled step as data, and what a runner of it does. */
import type { Device } from '../device';
import type { TypedArray } from '../dtype';
import type { Buffer, Expr } from '../expr';
import { collect, countUses } from './graph';

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
  /**
   * What is looked at on the side. It is computed beside the step, never as a part of it: the new state is the
   * same to the last bit with it and without.
   */
  readonly observed: readonly Expr[];
  /** Whether every step of a call is observed, or its last one alone. */
  readonly observe: Observe;
}

/** Which steps of a call are observed. */
export type Observe = 'every' | 'last';

/** Everything that a step gives, in order: the new state, the outputs, what is observed. */
export function resultsOf({ newState, outputs, observed }: StepProgram): readonly Expr[] {
  return [...newState, ...outputs, ...observed];
}

/**
 * How many users each expression has in the step itself. Operations are fused where nobody else needs what
 * lies between them; those who only observe do not count, or fusions, and with them roundings, would change.
 */
export function usesInStep({ state, inputs, newState, outputs }: StepProgram): Map<Expr, number> {
  return countUses(collect([...newState, ...outputs], new Set([...state, ...inputs])));
}

/** What a runner gives back. */
export interface StepResult {
  readonly state: readonly Buffer[];
  /** For each output, and then for each thing observed, its numbers, one step after the other, of all that give any. */
  readonly outputs: TypedArray[];
}

/** Runs a step program. */
export interface StepRunner {
  /** @param inputs for each input its numbers, one step after the other */
  run(count: number, state: readonly Buffer[], inputs: readonly TypedArray[]): Promise<StepResult>;
  release(): Promise<void>;
}
