import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// Short here; `node test/kill/hashing.mjs 50` is the long one.
test('killed at any moment, lock and verify leave cache, lock and models whole', async () => {
  const script = fileURLToPath(new URL('../kill/hashing.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, '5', '6']);
  expect(stdout).toMatch(/^killed 5 times, done before that \d+ times: everything is whole/);
});
