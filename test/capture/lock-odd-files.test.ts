// What stands where a model should be, and is none, or cannot be read.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { checkpoint, makeProject, promptOf } from '../support/comfy-project.js';
import { temporaryFolder } from '../support/git.js';
import { bundleScript } from '../support/script.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** A repository that needs one checkpoint, and where it is looked for. */
function project() {
  const made = makeProject();
  made.put('models/checkpoints/other.safetensors', 'other');
  made.write('portrait.json', promptOf(checkpoint('dream.safetensors'), checkpoint('other.safetensors')));
  made.git('add', '.');
  const env = { XDG_CACHE_HOME: temporaryFolder(), GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  const place = join(made.comfy, 'models/checkpoints/dream.safetensors');
  return { made, place, run: (...words: string[]) => runProgram(made.path, words, env) };
}

const odd: [string, (place: string) => void][] = [
  ['a pipe that nobody writes to', (place) => void execFileSync('mkfifo', [place])],
  ['a folder', (place) => void mkdirSync(place)],
  ['a link to nothing', (place) => symlinkSync('gone.safetensors', place)],
  ['a link to itself', (place) => symlinkSync('dream.safetensors', place)],
  ['a device without end', (place) => symlinkSync('/dev/zero', place)],
];

test.each(odd)('%s in place of a model is no model, and nothing waits for it', async (_, put) => {
  const { made, place, run } = project();
  put(place);
  for (const words of [['lock'], ['verify', '--all']]) {
    const { code, stderr } = await run(...words);
    expect([words, stderr, code]).toEqual([words, '', words[0] === 'lock' ? 0 : 1]);
  }
  expect(made.read('comfy.lock')).toContain('checkpoints/dream.safetensors:\n    digest: missing\n');
  expect(made.read('comfy.lock')).toContain(sha256('other'));
});

test('a link is the file that it leads to, and another file when it leads elsewhere', async () => {
  const { made, place, run } = project();
  const [first, second] = ['first', 'second'].map((text) => {
    const path = join(temporaryFolder(), `${text}.safetensors`);
    writeFileSync(path, text);
    return path;
  });
  symlinkSync(first ?? '', place);
  await run('lock');
  expect(made.read('comfy.lock')).toContain(sha256('first'));
  symlinkSync(second ?? '', `${place}.new`);
  renameSync(`${place}.new`, place);
  expect((await run('verify')).stdout).toContain("dream.safetensors: other content than the lock's");
});

test('a file that may not be read is said to be, the others are hashed', async () => {
  const program = await bundleScript(`
    import { openHashCache } from './src/models/hash-cache.ts';
    import { hashModels } from './src/models/hash-models.ts';
    const talk = { say: console.error, progress() {}, confirm: async () => false };
    const options = { cache: await openHashCache(undefined), signal: new AbortController().signal, talk };
    console.log(JSON.stringify(Object.fromEntries(await hashModels(process.argv.slice(2), options))));`);
  const folder = temporaryFolder();
  const [secret, open] = [join(folder, 'secret.bin'), join(folder, 'open.bin')];
  for (const path of [secret, open]) writeFileSync(path, 'weights');
  for (const path of [folder, dirname(program)]) chmodSync(path, 0o755);
  chmodSync(secret, 0o000);
  // Root may read everything.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const args = [program, secret, open];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder, ...nobody });
  expect(JSON.parse(stdout)).toEqual({
    [secret]: { size: 7, problem: expect.stringContaining('EACCES') },
    [open]: { size: 7, digest: sha256('weights') },
  });
  expect(stderr).toMatch(/^not hashed: EACCES.*secret\.bin/);
});
