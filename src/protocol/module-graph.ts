/** What the extension asks of a process that builds a module of a Python file to show its graph, and what it is told. */
import * as z from 'zod/mini';
import { graphSchema } from './graph';

/** A module of a Python file, and the batch that it is given. */
export const moduleGraphRequestSchema = z.object({
  file: z.string(),
  text: z.string(),
  name: z.string(),
  batch: z.int().check(z.positive()),
  sample: z.array(z.int().check(z.positive())),
  classes: z.int().check(z.positive()),
});

/** A module of a Python file, and the batch that it is given. */
export type ModuleGraphRequest = z.infer<typeof moduleGraphRequestSchema>;

/** The graph, or a sentence that says why there is none. */
export const moduleGraphAnswerSchema = z.union([
  z.object({ graph: graphSchema }),
  z.object({ refused: z.string() }),
]);

/** The graph, or a sentence that says why there is none. */
export type ModuleGraphAnswer = z.infer<typeof moduleGraphAnswerSchema>;
