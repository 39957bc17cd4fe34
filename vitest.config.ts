import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/corpus/**', 'test/frontend/**', 'test/queue/**'],
    pool: 'forks',
    // Most tests wait for git and for our own program more than they work.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/counting-reporter.ts'],
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
  },
});
