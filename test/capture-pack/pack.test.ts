import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('test_pack.py', import.meta.url));
const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0,
);

test.skipIf(python === undefined)('the capture pack does what its own tests say, with Python alone', () => {
  const { status, stderr } = spawnSync(python ?? '', ['-B', script], { encoding: 'utf8' });
  expect(stderr.split('\n').filter((line) => /^(?:FAIL|ERROR|AssertionError)/.test(line))).toEqual([]);
  expect(status).toBe(0);
});
