/**
 * Whether anybody is there. The editor does not tell a page that its extension has ended or begun anew, so a page asks
 * now and then. These messages go beside those of its contract.
 */

/** What a page asks. */
export const pingMessage = { kind: 'ping' } as const;

/** What it is answered. */
export const pongMessage = { kind: 'pong' } as const;

function isOfKind(message: unknown, kind: string): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind;
}

/** Whether a message asks if anybody is there. */
export const isPing = (message: unknown): boolean => isOfKind(message, pingMessage.kind);

/** Whether a message says that somebody is there. */
export const isPong = (message: unknown): boolean => isOfKind(message, pongMessage.kind);
