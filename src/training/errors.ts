/** What a run fails with: one sentence that says what to do, and never a stack trace at a user. */

/** A failure that the user can do something about. */
export class TrainingError extends Error {
  override name = 'TrainingError';
}

/** The message for a user: one line, whatever was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
