/**
 * What was seen of a network's tensors at a step: a line of `looks.jsonl` in the run's folder. Looks are many at the
 * beginning and become fewer; their number is bounded.
 */
import * as z from 'zod/mini';
import { histogramSchema, statisticsSchema } from './tensors';

const seen = z.object({ statistics: statisticsSchema, histogram: histogramSchema });

/** Statistics and histogram of a tensor. */
export type SeenTensor = z.infer<typeof seen>;

const parameterSeen = z.object({
  name: z.string(),
  /** Before the step. */
  value: seen,
  gradient: z.nullable(seen),
  /** The L2 norm of the step's change over that of the value; null where it cannot be told. */
  updateRatio: z.nullable(z.number()),
});

/** What was seen of a parameter. */
export type SeenParameter = z.infer<typeof parameterSeen>;

const activationSeen = z.object({
  /** The number of the node in `graph.json`, and its name. */
  node: z.int(),
  name: z.string(),
  module: z.nullable(z.string()),
  value: seen,
  gradient: z.nullable(seen),
  /** Of a ReLU: the share of its units that gave 0 for every sample of the batch; else null. */
  dead: z.nullable(z.number()),
});

/** What was seen of the output of an operation. */
export type SeenActivation = z.infer<typeof activationSeen>;

/** What was seen at a step. */
export const lookSchema = z.object({
  /** Steps that were taken before; the look is at the step that follows. */
  step: z.int(),
  epoch: z.int(),
  parameters: z.array(parameterSeen),
  activations: z.array(activationSeen),
});

/** What was seen at a step. */
export type Look = z.infer<typeof lookSchema>;
