/** What a run fails with: one sentence that says what to do, and never a stack trace at a user. */

/** A failure that the user can do something about. */
export class TrainingError extends Error {
  override name = 'TrainingError';
}

/** The message for a user: one line without control characters, whatever was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line] = text.split('\n').filter(part => part.trim() !== '');
  const clean = (line ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  return clean || (error instanceof Error ? error.name : 'unknown error');
}

/** Throws what a run ends with that is stopped before its first step: it leaves nothing behind. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrainingError('interrupted before training began; nothing was written');
}
