/** What a person has set on the page of layers. */
import * as z from 'zod/mini';

/** What a person has set. */
export const layersStateSchema = z.object({ logSteps: z.boolean() });

/** What a person has set. */
export type LayersState = z.infer<typeof layersStateSchema>;

/** A page that nobody has touched. */
export const plainLayers: LayersState = { logSteps: false };
