import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { type ComfyProject, checkpoint, makeProject, promptOf } from '../support/comfy-project.js';
import { temporaryFolder } from '../support/git.js';

const size = 5 * 1024 * 1024;
const content = Buffer.alloc(size, 'weights');
const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;

function project() {
  const made = makeProject();
  made.put('models/checkpoints/dream.safetensors', content);
  made.write('portrait.json', promptOf(checkpoint('dream.safetensors')));
  made.git('add', '.');
  const env = { XDG_CACHE_HOME: temporaryFolder(), GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  return { made, run: (...words: string[]) => runProgram(made.path, words, env) };
}

/** The same content as a file that nobody has read. */
function copyInPlace({ comfy }: ComfyProject): void {
  const path = join(comfy, 'models/checkpoints/dream.safetensors');
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
}

test('verify --fast says of what it did not read that it did not, and is no full grade', async () => {
  const { made, run } = project();
  await run('lock');
  copyInPlace(made);
  const fast = await run('verify', '--fast');
  expect(fast).toMatchObject({ code: 0 });
  expect(fast.stdout).toContain("size, head and tail are the lock's; not read whole (--fast)");
  expect(fast.stdout).toContain('expected grade: approximate');
  expect((await run('verify', '--fast', '--strict')).code).toBe(1);
  expect((await run('verify')).stdout).toContain('expected grade: full');
});

test('lock --fast writes no digest that nobody read, and takes none away', async () => {
  const { made, run } = project();
  await run('lock');
  const locked = made.read('comfy.lock');
  copyInPlace(made);
  expect((await run('lock', '--fast')).stdout).toContain('not read whole (--fast)');
  expect(made.read('comfy.lock')).toBe(locked);
  rmSync(join(made.path, 'comfy.lock'));
  await run('lock', '--fast');
  expect(made.read('comfy.lock')).toContain(`digest: unhashed\n    size: ${size}\n`);
  await run('lock');
  expect(made.read('comfy.lock')).toContain(digest);
});

test('trust and doubt at once are refused', async () => {
  const { made, run } = project();
  for (const words of [
    ['lock', '--fast', '--no-cache'],
    ['verify', '--all', '--fast'],
    ['lock', '--fast', '--update'],
  ]) {
    expect(await run(...words)).toMatchObject({ code: 2, stdout: '' });
  }
  expect(existsSync(join(made.path, 'comfy.lock'))).toBe(false);
});
