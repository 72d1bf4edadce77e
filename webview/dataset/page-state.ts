/** What a person has set on the page; it is kept when the page is hidden, moved or loaded anew. */
import * as z from 'zod/mini';
import { partNames } from '../../src/protocol/dataset-check';

/** The pages of a dataset. */
export const tabNames = ['samples', 'check', 'transforms'] as const;

/** A page of a dataset. */
export type TabName = (typeof tabNames)[number];

const pageState = z.object({
  /** The folder of the dataset, by which the editor restores the page. */
  folder: z.nullable(z.string()),
  split: z.enum(partNames),
  /** The samples are shuffled with it; null for their order in the file. */
  seed: z.nullable(z.int()),
  /** Lines of samples of the classes that have more than one, by the classes' indices. */
  lines: z.record(z.string(), z.int()),
  /** Which page of it is shown. */
  tab: z._default(z.enum(tabNames), 'samples'),
  /** What the names of the classes that are shown have in them. */
  filter: z._default(z.string(), ''),
  /** Transforms that are tried; null for those that are kept beside the data. */
  transforms: z._default(z.nullable(z.string()), null),
});

/** What a person has set on the page. */
export type PageState = z.infer<typeof pageState>;

/** The state that was kept, or that of a page that nobody has touched. */
export function readState(kept: unknown): PageState {
  const read = pageState.safeParse(kept);
  if (read.success) return read.data;
  return {
    folder: null,
    split: 'train',
    seed: null,
    lines: {},
    tab: 'samples',
    filter: '',
    transforms: null,
  };
}
