/** Runs before each file of tests. */
import { afterAll, afterEach, vi } from 'vitest';
import { endFile, endTest } from './after';

afterEach(endTest);
afterAll(async () => {
  await endFile();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
