/** Transforms that are looked at before training, and kept beside the data. */
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());
const texts = z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(50));

/** Samples, and how often each of them is changed, at most. */
export const mostPreviewed = 64;

/** What transforms would make of some training samples. */
export const previewRequest = z.object({
  texts,
  rows: z.array(count).check(z.maxLength(mostPreviewed)),
  variants: z.int().check(z.positive(), z.lte(mostPreviewed)),
  seed: count.check(z.lt(2 ** 32)),
});

/** What transforms would make of some training samples. */
export type PreviewRequest = z.infer<typeof previewRequest>;

/** The pictures, or why there are none. */
export const previewAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('problem'), message: z.string() }),
  z.object({
    state: z.literal('shown'),
    height: z.int().check(z.positive()),
    width: z.int().check(z.positive()),
    channels: z.union([z.literal(1), z.literal(3)]),
    /** For each sample its variants, 8 bits a pixel, in base 64. */
    pixels: z.string(),
  }),
]);

/** The pictures, or why there are none. */
export type PreviewAnswer = z.infer<typeof previewAnswer>;

/** Transforms that are to be kept in the `descent.json` beside the data. */
export const keepRequest = z.object({ texts });
