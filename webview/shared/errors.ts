/** What is said to a person about something that was thrown. */

/** Its message, whatever it is. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
