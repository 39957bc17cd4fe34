import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAll } from '../../src/files/descriptor.js';
import { temporaryFolder } from '../support/git.js';

test('all parts arrive in a pipe that takes less than it is given, and does not wait', async () => {
  const folder = temporaryFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('sh', ['-c', 'cat pipe > read'], { cwd: folder });
  const file = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const parts = ['a', 'b', 'c'].map((letter) => Buffer.from(letter.repeat(100_000)));
  writeAll(file, parts);
  writeAll(file, []);
  closeSync(file);
  await once(reader, 'close');
  expect(readFileSync(join(folder, 'read')).equals(Buffer.concat(parts))).toBe(true);
});
