import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    // A machine that runs many things at once may starve a browser or a process; a defect fails again.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    pool: 'forks',
    poolOptions: { forks: { maxForks: 2 } },
    // Files share a process, and with it the modules that most of them load: a quarter less work.
    isolate: false,
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/bundle.ts'],
  },
});
