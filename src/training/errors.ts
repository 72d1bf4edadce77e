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

/**
 * What a run ends with whose numbers have gone wrong.
 * @param what such as `the loss became NaN`
 * @param at after how many steps and whole epochs, at which learning rate, and where the last checkpoint lies
 * @param more about why it ends
 */
export function divergedError(
  what: string,
  at: { readonly step: number; readonly epoch: number; readonly lr: number; readonly last: string },
  more: string,
): TrainingError {
  const kept =
    at.epoch > 0
      ? `${at.last} holds the state after epoch ${at.epoch}`
      : 'no epoch was completed, so no checkpoint is kept';
  return new TrainingError(
    `${what} at step ${at.step} (epoch ${at.epoch + 1}) and training was stopped: ` +
      `try a learning rate below ${at.lr}; ${kept}${more}`,
  );
}

/** Throws what a run ends with that is stopped before its first step: it leaves nothing behind. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrainingError('interrupted before training began; nothing was written');
}
