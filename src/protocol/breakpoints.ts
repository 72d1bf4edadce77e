/** Breakpoints on numbers: when a run pauses by itself. */
import * as z from 'zod/mini';
import type { BreakpointEvent } from './training-events';

const bound = z.nullable(z.number().check(z.positive()));

/** When a run pauses by itself, before the step that would do it. */
export const breakpointsSchema = z.strictObject({
  /** When a loss, a gradient or a weight becomes NaN or infinite, or the loss explodes. */
  notFinite: z.boolean(),
  /** When the loss of a step is higher; null for never. */
  lossAbove: bound,
  /** When the norm of all gradients together is larger; null for never. */
  gradientNormAbove: bound,
  /** When any value that the forward pass computes is further from zero; null for never. */
  valueAbove: bound,
});

/** When a run pauses by itself. */
export type Breakpoints = z.infer<typeof breakpointsSchema>;

/** No breakpoints. */
export const noBreakpoints: Breakpoints = {
  notFinite: false,
  lossAbove: null,
  gradientNormAbove: null,
  valueAbove: null,
};

const places = {
  value: (name: string) => `in ${name}`,
  gradient: (name: string) => `in the gradient that arrives at ${name}`,
  update: (name: string) => `in ${name}, when the optimizer changes it`,
} as const;

/** Says before which step a run has paused by itself, why, and where it goes wrong first. */
export function describeBreakpoint({ step, reason, of, name }: BreakpointEvent): string {
  const where = of === null || name === null ? '' : `; it goes wrong first ${places[of](name)}`;
  return `paused before step ${step + 1}: ${reason}${where}.`;
}
