/**
 * Whether anybody is there. The editor does not tell a page that its extension has ended or begun anew, so a page asks
 * now and then. These messages go beside those of its contract.
 */
import * as z from 'zod/mini';

const ping = z.object({ kind: z.literal('ping') });
const pong = z.object({ kind: z.literal('pong') });

/** What a page asks. */
export const pingMessage: z.infer<typeof ping> = { kind: 'ping' };

/** What it is answered. */
export const pongMessage: z.infer<typeof pong> = { kind: 'pong' };

/** Whether a message asks if anybody is there. */
export const isPing = (message: unknown): boolean => ping.safeParse(message).success;

/** Whether a message says that somebody is there. */
export const isPong = (message: unknown): boolean => pong.safeParse(message).success;
