/** Runs before each file of tests: it begins as if no other had been run, and is taken back at its end. */
import { afterAll, afterEach, vi } from 'vitest';
import { manualSeed } from '../../src/engine/random/generator';
import { endFile, endTest } from './after';

// Where the engine's random numbers begin.
manualSeed(0);

afterEach(endTest);
afterAll(async () => {
  await endFile();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
