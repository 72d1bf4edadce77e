/** A module of a Python file, as the lines above it tell their commands of it. */
import * as z from 'zod/mini';
import type { FoundModule } from './reading-contract';

/** What a line above a module gives to its commands. */
export const moduleSchema = z.object({
  document: z.string(),
  name: z.string(),
  /** The batch that it is given for its graph. */
  batch: z.number(),
  sample: z.array(z.number()),
  classes: z.number(),
});

/** A module: the document, as an address, its name there, and what it is given for its graph. */
export type ModuleInFile = z.infer<typeof moduleSchema>;

/** The side of an image of which nothing else is known. */
const usualSide = 28;
const usualBatch = 64;

/** What a module is given for its graph: what its file gives it, with usual sizes where the file does not fix them. */
export function exampleOf({ inputs, outputs }: FoundModule): Omit<ModuleInFile, 'document' | 'name'> {
  const [input] = inputs;
  const [batch, ...sizes] = input ?? [];
  const classes = outputs[0]?.at(-1);
  return {
    batch: typeof batch === 'number' ? batch : usualBatch,
    sample:
      input === undefined
        ? [1, usualSide, usualSide]
        : sizes.map(size => (typeof size === 'number' ? size : usualSide)),
    classes: typeof classes === 'number' ? classes : 10,
  };
}
