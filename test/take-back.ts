/** Takes back, after each file of tests, what it has set in the process that it shares with the next one. */
import { afterAll, vi } from 'vitest';

afterAll(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
