import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('run.mjs', import.meta.url));

test('twelve writers for some seconds, one killed now and then: nothing is lost, nothing is there twice', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, '3', '1', '500']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ complaints: {} });
  // Twelve processes wait for their turn on a machine that has other things to do.
}, 180_000);
