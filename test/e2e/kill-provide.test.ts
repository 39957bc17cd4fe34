import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// Short here; `node test/kill/provide.mjs 50` is the long one.
test('killed at any moment, provide leaves models, packs and repository whole', async () => {
  const script = fileURLToPath(new URL('../kill/provide.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, '2']);
  expect(stdout).toMatch(/^killed 2 times, done before that \d+ times: everything is whole/);
}, 180_000);
