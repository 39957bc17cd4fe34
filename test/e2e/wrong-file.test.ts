// The built program with files that are missing, broken, foreign, or of a newer version.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { encodePng } from '../support/encode-png.js';
import type { TestRepository } from '../support/git.js';
import { readyRepository, refused } from '../support/refusal.js';
import { simulated } from '../support/simulated.js';

const picture = () => {
  const samples = Uint8Array.from({ length: 40 * 30 * 3 }, (_, at) => (at * 7919) % 256);
  return encodePng({ width: 40, height: 30, colorType: 2, bits: 8, samples });
};

/** A repository, and the environment that names a server. */
async function withServer(): Promise<{ repository: TestRepository; env: Record<string, string> }> {
  const { url } = await simulated();
  return { repository: await readyRepository(), env: { GIT_COMFY_SERVER: url } };
}

const wordsFor = (name: string, file: string): string[] =>
  name === 'compare' ? [name, file, file] : name === 'diff' ? [name, file, 'workflows/small.json'] : [name, file];

const takeFiles = ['run', 'prompt', 'show', 'record', 'reproduce', 'verify', 'compare'];

test.each([...takeFiles, 'diff'])('%s: no such file', async (name) => {
  const { repository, env } = await withServer();
  const { stderr } = await refused(repository.path, wordsFor(name, 'nothing.png'), { env });
  expect(stderr).toContain('nothing.png');
});

test.each(takeFiles)('%s: a folder', async (name) => {
  const { repository, env } = await withServer();
  mkdirSync(join(repository.path, 'folder.png'));
  const { stderr } = await refused(repository.path, wordsFor(name, 'folder.png'), { env });
  expect(stderr).toContain('folder.png');
});

test.each(takeFiles)('%s: a truncated PNG', async (name) => {
  const { repository, env } = await withServer();
  const whole = picture();
  repository.write('cut.png', whole.subarray(0, Math.floor(whole.length / 2)));
  const { stderr } = await refused(repository.path, wordsFor(name, 'cut.png'), { env });
  expect(stderr).toContain('cut.png');
  expect(stderr).toContain('ends too early');
});

describe.each(['run', 'prompt'])('%s', (name) => {
  test.each([
    ['JSON of something else', '{"shopping": ["milk"]}'],
    ['no JSON', 'Dear diary'],
    ['JSON that ends too early', '{"nodes": [{"id": 1'],
    ['an empty file', ''],
    ['JSON nested too deep', '['.repeat(100_000)],
  ])('%s', async (_, content) => {
    const { repository, env } = await withServer();
    repository.write('notes.json', content);
    const { stderr } = await refused(repository.path, [name, 'notes.json'], { env });
    expect(stderr).toContain('notes.json');
  });
});

describe('a picture that says nothing, and of which nothing is recorded', () => {
  test.each(['reproduce', 'verify', 'show'])('%s', async (name) => {
    const { repository, env } = await withServer();
    repository.write('foreign.png', picture());
    const { stderr } = await refused(repository.path, [name, 'foreign.png'], { env });
    expect(stderr).toContain('foreign.png');
  });

  test('record says no, and how it can be taken in', async () => {
    const { repository, env } = await withServer();
    repository.write('foreign.png', picture());
    const { code, stdout } = await runProgram(repository.path, ['record', 'foreign.png'], env);
    expect(code).toBe(1);
    expect(stdout).toContain('git comfy record --prompt <prompt.json> --output foreign.png');
  });
});

describe('a lockfile of a newer version', () => {
  const withNewerLock = async () => {
    const { repository, env } = await withServer();
    repository.write('comfy.lock', 'lockfileVersion: 99\n');
    repository.git('add', 'comfy.lock');
    repository.git('commit', '--quiet', '--no-verify', '-m', 'from the future');
    return { repository, env };
  };

  test.each([['lock'], ['verify'], ['verify', 'HEAD'], ['lock', '--update']])('%s %s', async (...words) => {
    const { repository, env } = await withNewerLock();
    const { stderr } = await refused(repository.path, words, { env });
    expect(stderr).toContain('comfy.lock has lockfileVersion 99; this git comfy reads version 1');
    expect(stderr).toContain('npm install -g git-comfy');
  });

  test('commit', async () => {
    const { repository, env } = await withNewerLock();
    repository.write('workflows/more.json', repository.read('workflows/small.json'));
    repository.git('add', '.');
    const { stderr } = await refused(repository.path, ['commit', '-m', 'more'], { env });
    expect(stderr).toContain('lockfileVersion 99');
  });

  test('check says no; status looks at the rest all the same', async () => {
    const { repository } = await withNewerLock();
    expect(await runProgram(repository.path, ['check'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('lockfileVersion 99'),
    });
    expect(await runProgram(repository.path, ['status'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('lockfileVersion 99'),
    });
  });
});

describe('a comfy.yaml of a newer version', () => {
  const withNewerSettings = async () => {
    const { repository, env } = await withServer();
    repository.write('comfy.yaml', 'normalForm: 99\n');
    repository.write('workflows/more.json', repository.read('workflows/small.json'));
    return { repository, env };
  };

  test.each([['lock'], ['verify'], ['init'], ['commit', '-am', 'x']])('%s %s', async (...words) => {
    const { repository, env } = await withNewerSettings();
    const { stderr } = await refused(repository.path, words, { env });
    expect(stderr).toContain('normal form 99; this git comfy writes form 1');
    expect(stderr).toContain('npm install -g git-comfy');
  });
});

describe('a damaged line of lineage', () => {
  test.each([
    ['log', []],
    ['show', ['HEAD']],
    ['status', []],
  ] as const)('%s names it, and shows the rest', async (name, more) => {
    const { repository } = await withServer();
    repository.git('notes', '--ref', 'comfy', 'add', '-m', '{"record":1,"outputs": oops', 'HEAD');
    const { code, stderr, stdout } = await runProgram(repository.path, [name, ...more]);
    expect(code, stderr).toBe(0);
    if (name !== 'status') expect(stderr).toContain('could not be read');
    expect(stdout).not.toBe('');
  });
});
