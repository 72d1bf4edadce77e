/** What a person has set on the page; it is kept when the page is hidden, moved or loaded anew. */
import * as z from 'zod/mini';
import { splitNames } from '../../src/protocol/dataset';

const pageState = z.object({
  /** The folder of the dataset, by which the editor restores the page. */
  folder: z.nullable(z.string()),
  split: z.enum(splitNames),
  /** The samples are shuffled with it; null for their order in the file. */
  seed: z.nullable(z.int()),
  /** Lines of samples of the classes that have more than one, by the classes' indices. */
  lines: z.record(z.string(), z.int()),
});

/** What a person has set on the page. */
export type PageState = z.infer<typeof pageState>;

/** The state that was kept, or that of a page that nobody has touched. */
export function readState(kept: unknown): PageState {
  const read = pageState.safeParse(kept);
  return read.success ? read.data : { folder: null, split: 'train', seed: null, lines: {} };
}
