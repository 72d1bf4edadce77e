/** What a person has set on the page of a graph; it is kept when the page is loaded anew. */
import * as z from 'zod/mini';

/** By what boxes are coloured. */
export const colourings = ['kind', 'gradient'] as const;

/** What a person has set. */
export const graphStateSchema = z.object({
  /** The run of which the rest was set. */
  run: z.nullable(z.string()),
  /** What was opened; null where nobody has opened or closed anything. */
  open: z.nullable(z.array(z.string())),
  selected: z.nullable(z.string()),
  colouring: z.enum(colourings),
  /** Whether the ways of gradients are shown. */
  backward: z.boolean(),
});

/** What a person has set. */
export type GraphState = z.infer<typeof graphStateSchema>;

/** A page that nobody has touched. */
export const plainGraphState: GraphState = {
  run: null,
  open: null,
  selected: null,
  colouring: 'kind',
  backward: false,
};

/** Reads what was kept. */
export function readGraphState(kept: unknown): GraphState {
  return graphStateSchema.safeParse(kept).data ?? plainGraphState;
}
