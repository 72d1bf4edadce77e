/** The end of a training process. */

/** How a process ended. */
export interface TrainerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** How a process ended, in a few words. */
export function describeExit({ code, signal }: TrainerExit): string {
  return signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
}

/** A request was not answered because the process has ended; how it ended is told apart from this. */
export class TrainerGone extends Error {
  override name = 'TrainerGone';

  constructor() {
    super('the training process has ended');
  }
}
