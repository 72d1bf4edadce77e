/** What a person has set on the page of histograms. */
import * as z from 'zod/mini';
import { tensorKinds } from '../../src/protocol/looks-page';

/** What a person has set. */
export const histogramsStateSchema = z.object({
  view: z.enum(['ridges', 'heatmap']),
  /** What is shown. */
  kinds: z.array(z.enum(tensorKinds)),
  search: z.string(),
  /** Which values are shown of all tensors. */
  range: z.enum(['usual', 'full']),
  logValues: z.boolean(),
  logSteps: z.boolean(),
});

/** What a person has set. */
export type HistogramsState = z.infer<typeof histogramsStateSchema>;

/** A page that nobody has touched. */
export const plainHistograms: HistogramsState = {
  view: 'ridges',
  kinds: [...tensorKinds],
  search: '',
  range: 'usual',
  logValues: false,
  logSteps: false,
};
