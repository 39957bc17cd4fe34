import { defineConfig } from 'vitest/config';

/** Tests over the corpus of real workflows; GIT_COMFY_CORPUS names its folder. */
export default defineConfig({
  test: {
    include: ['test/corpus/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 600_000,
    reporters: ['default', './test/support/counting-reporter.ts'],
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/hermetic.ts'],
  },
});
