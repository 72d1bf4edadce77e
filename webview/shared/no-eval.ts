/**
 * Imported before everything else: the page's policy forbids building code at run time, and even a try would be
 * reported as a violation, so that zod must not make one.
 */
import * as z from 'zod/mini';

z.config({ jitless: true });
