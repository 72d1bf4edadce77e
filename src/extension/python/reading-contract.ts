/** What the extension host and the thread that reads Python say to each other. */
import * as z from 'zod/mini';

/** A text to be read, and what it may import. */
export const questionSchema = z.object({
  id: z.number(),
  /** The path of the file: imports are looked for from there. */
  file: z.string(),
  text: z.string(),
  /** Nothing outside of these folders is read. */
  folders: z.array(z.string()),
});

/** {@link questionSchema} */
export type Question = z.infer<typeof questionSchema>;

const position = z.object({ line: z.number(), column: z.number() });
const range = z.object({ start: position, end: position });
const shape = z.array(z.union([z.number(), z.string()]));
const shapes = z.array(shape);

const occurrence = z.object({
  range,
  text: z.string(),
  kind: z.enum(['tensor', 'module', 'array']),
  variable: z.boolean(),
  shapes,
  dtype: z.optional(z.string()),
  device: z.optional(z.string()),
  requiresGrad: z.optional(z.boolean()),
  gradFn: z.optional(z.string()),
  history: z.optional(z.array(z.object({ label: z.string(), shape }))),
  items: z.optional(z.array(z.object({ shapes, dtype: z.optional(z.string()) }))),
  module: z.optional(z.number()),
});

const diagnostic = z.object({
  range,
  message: z.string(),
  related: z.optional(z.object({ range, message: z.string() })),
});

const moduleReport = z.object({
  name: z.string(),
  range,
  kind: z.enum(['class', 'instance']),
  layers: z.array(
    z.object({
      path: z.string(),
      kind: z.string(),
      parameters: z.array(z.object({ name: z.string(), shape })),
      outputs: shapes,
    }),
  ),
  parameterCount: z.optional(z.number()),
  inputs: shapes,
  outputs: shapes,
});

/** What was found in a text. */
export const answerSchema = z.object({
  id: z.number(),
  analysis: z.object({
    occurrences: z.array(occurrence),
    diagnostics: z.array(diagnostic),
    modules: z.array(moduleReport),
    complete: z.boolean(),
  }),
});

/** What a reading has found; the same as `Analysis` of the reader, after a check. */
export type FoundAnalysis = z.infer<typeof answerSchema>['analysis'];
/** An expression of which something is known. */
export type FoundOccurrence = FoundAnalysis['occurrences'][number];
/** A module of the file. */
export type FoundModule = FoundAnalysis['modules'][number];
/** A place in a text: lines from 1, columns from 0. */
export type FoundRange = FoundOccurrence['range'];
