/** Which of the known expressions are given a value where they stand: the places for inlay hints. */
import type { FoundOccurrence } from './reading-contract';

const name = String.raw`[A-Za-z_][\w.]*`;
/** What may stand before a target on its line: nothing, other targets, or the head of a loop. */
const before = new RegExp(String.raw`^(?:\s*(?:async\s+)?for\s+)?[\s([]*(?:\*?${name}\s*,[\s([]*)*\*?$`);
/** What may follow: other targets, then `=` or `in`; an annotation is allowed. */
const after = /^(?:[)\]\s]*,[\s,()[\]*\w.]*|[)\]\s]*)(?::[^=]*)?(?:=(?!=)|\bin\b)/;

/** Whether a line gives a value to what stands in it from column `from` up to `to`. */
export function isAssigned(line: string, from: number, to: number): boolean {
  const [head, tail] = [line.slice(0, from), line.slice(to)];
  if (!before.test(head) || !after.test(tail)) return false;
  // A loop has `in`, an assignment `=`.
  const loops = /^\s*(?:async\s+)?for\s/.test(head);
  return loops === /^[^=]*\bin\b/.test(tail);
}

/** The tensors of known shape to which a line gives a value. */
export function assignedTensors(
  occurrences: readonly FoundOccurrence[],
  lineAt: (line: number) => string,
): FoundOccurrence[] {
  return occurrences.filter(
    ({ kind, variable, shapes, range: { start, end } }) =>
      kind === 'tensor' &&
      variable &&
      shapes.length > 0 &&
      start.line === end.line &&
      isAssigned(lineAt(start.line), start.column, end.column),
  );
}
