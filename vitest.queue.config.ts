import { defineConfig } from 'vitest/config';

/** Tests of the shared queue: they need a `redis-server`. */
export default defineConfig({
  test: {
    include: ['test/queue/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    reporters: ['default', './test/support/counting-reporter.ts'],
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
  },
});
