import { defineConfig } from 'vitest/config';

/** The proof against the real frontend in a real browser; see test/frontend. */
export default defineConfig({
  test: {
    include: ['test/frontend/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    reporters: ['default', './test/support/counting-reporter.ts'],
  },
});
