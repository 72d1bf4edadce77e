/** Breakpoints on numbers: when a run pauses by itself. */
import * as z from 'zod/mini';

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
