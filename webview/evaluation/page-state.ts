/** What a person has set on the page; it is kept when the page is hidden, moved or loaded anew. */
import * as z from 'zod/mini';
import { splitNames } from '../../src/protocol/dataset';
import { evaluationSubjectSchema } from '../../src/protocol/evaluation-page';

const cell = z.object({ actual: z.int(), predicted: z.int() });

/** A cell of the confusion matrix. */
export type Cell = z.infer<typeof cell>;

const pageState = z.object({
  /** What is evaluated, by which the editor restores the page. */
  subject: z.nullable(evaluationSubjectSchema),
  split: z.enum(splitNames),
  /** The cell whose samples are shown. */
  cell: z.nullable(cell),
});

/** What a person has set on the page. */
export type PageState = z.infer<typeof pageState>;

/** The state that was kept, or that of a page that nobody has touched. */
export function readState(kept: unknown): PageState {
  const read = pageState.safeParse(kept);
  return read.success ? read.data : { subject: null, split: 'test', cell: null };
}
