import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli.js';
import { reproduceCommand } from '../../src/commands/reproduce.js';
import type { AllReproduced } from '../../src/reproduce/reproduction.js';
import { writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { withFullDisk } from '../support/processes.js';
import { runAndRecord } from '../support/recorded-run.js';
import { plainPrompt } from '../support/simulated.js';
import { startComfy, type TestComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

// Everything that people get wrong, or that has gone away: each answer says what to type next.

async function recorded(comfy: TestComfy, prompt = plainPrompt()): Promise<TestRepository> {
  const repository = makeWorkflowRepository();
  const text = writeJson(prompt);
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/a.json': text });
  repository.write('a.png', await runAndRecord(await repository.open(), comfy.url, text));
  return repository;
}

async function reproduce({ path }: TestRepository, { url }: TestComfy, asked = 'a.png', options = {}) {
  const answer = await reproduceCommand.run(captured(path).context, {
    args: [asked],
    options: { server: url, ...options },
  });
  return { ...answer, ...(answer.result as AllReproduced & { saved: string[] }) };
}

test('a picture whose record is in another repository', async () => {
  const comfy = await startComfy();
  const there = await recorded(comfy);
  const here = makeWorkflowRepository();
  here.commit({ 'readme.md': 'here' });
  writeFileSync(join(here.path, 'a.png'), readFileSync(join(there.path, 'a.png')));
  await expect(reproduce(here, comfy)).rejects.toMatchObject({
    code: 'no-record',
    hint: expect.stringContaining('git comfy record a.png'),
  });
});

test('what is no output, no day and no search', async () => {
  const comfy = await startComfy();
  const repository = await recorded(comfy);
  repository.write('workflows/b c.json', repository.read('workflows/a.json').replace('"t/img"', '"t/other"'));
  await expect(reproduce(repository, comfy, 'workflows/b c.json')).rejects.toMatchObject({
    code: 'is-a-workflow',
    hint: expect.stringContaining(`git comfy reproduce --find 'workflow:"b c.json"'`),
  });
  for (const since of ['yesterday', '2026-13', '2026-10-32']) {
    await expect(reproduce(repository, comfy, 'HEAD', { since })).rejects.toMatchObject({ code: 'usage' });
  }
  const { context } = captured(repository.path);
  const everything = reproduceCommand.run(context, { args: [], options: { server: comfy.url, find: ' ' } });
  await expect(everything).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('--find "') });
  const page = join(temporaryFolder(), 'page.html');
  expect((await reproduce(repository, comfy, 'a.png', { dryRun: true, html: page })).saved).toEqual([]);
  expect(existsSync(page)).toBe(false);
});

test.each([
  [['--queue', 'nas:6379'], 'queue-address'],
  [['--queue', 'redis://127.0.0.1:9', '--lease', '0'], 'usage'],
])('a worker hears what is wrong with %j before any server is asked', async (words, code) => {
  const { context, out } = captured(temporaryFolder());
  expect(await run(context, ['worker', ...words, '--json'])).toBe(2);
  expect(JSON.parse(out()).error).toMatchObject({ code });
});

test('a record whose commit is gone', async () => {
  const comfy = await startComfy();
  const repository = await recorded(comfy);
  repository.git('commit', '--quiet', '--amend', '--no-verify', '-m', 'rewritten');
  repository.git('reflog', 'expire', '--expire=now', '--all');
  repository.git('gc', '--quiet', '--prune=now');
  await expect(reproduce(repository, comfy)).rejects.toMatchObject({
    code: 'commit-gone',
    hint: expect.stringContaining('git comfy fsck --repair'),
  });
});

test('a model that is nowhere', async () => {
  const comfy = await startComfy({ 'models/vae/soft.safetensors': 'weights' });
  const prompt = plainPrompt(1, {
    '4': { class_type: 'VAELoader', inputs: { vae_name: 'soft.safetensors' } },
    '5': { class_type: 'VAEEncode', inputs: { pixels: ['2', 0], vae: ['4', 0] } },
    '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['4', 0] } },
    '9': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 't/img' } },
  });
  const repository = await recorded(comfy, prompt);
  rmSync(join(comfy.base, 'models/vae/soft.safetensors'));
  await expect(reproduce(repository, comfy)).rejects.toMatchObject({
    code: 'prompt-refused',
    message: expect.stringContaining('soft.safetensors'),
    hint: expect.stringMatching(/git comfy provide --models [0-9a-f]{12}$/),
  });
});

test('the original file was deleted: equal samples are seen by the recorded digest', async () => {
  const comfy = await startComfy();
  const repository = await recorded(comfy);
  rmSync(join(comfy.base, 'output/t'), { recursive: true });
  rmSync(join(repository.path, 'a.png'));
  const { reproductions } = await reproduce(repository, comfy, 'HEAD');
  expect(reproductions).toMatchObject([{ grade: 'full', outputs: [{ metrics: { equal: true } }] }]);
});

test('two outputs of one name, in two folders: each is compared with its own, and both are saved', async () => {
  const comfy = await startComfy();
  const repository = await recorded(
    comfy,
    plainPrompt(1, {
      '3': { class_type: 'ImageInvert', inputs: { image: ['2', 0] } },
      '10': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'u/img' } },
    }),
  );
  const { reproductions, saved } = await reproduce(repository, comfy, 'HEAD', { out: temporaryFolder() });
  expect(reproductions).toMatchObject([{ grade: 'full', outputs: [{}, {}] }]);
  expect(new Set(saved).size).toBe(2);
});

test('a disk that is full while it is saved: a message, and no half of a picture', async () => {
  const comfy = await startComfy();
  const repository = await recorded(comfy);
  const words = ['reproduce', 'a.png', '--server', comfy.url, '--html', 'report.html'];
  const { code, stderr } = await withFullDisk(repository.path, 16, words);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/make room|raise the limit/);
  expect(repository.git('status', '--porcelain')).not.toContain('report');
});

test('a server that serves an old file as a new run is not believed', async () => {
  const comfy = await startComfy({}, [], { stubbornCache: true, hidesCache: true });
  const repository = await recorded(comfy);
  expect((await reproduce(repository, comfy)).reproductions).toMatchObject([{ grade: 'full' }]);
  const { reproductions, exit } = await reproduce(repository, comfy);
  expect(reproductions[0]?.reasons.join()).toMatch(
    /nothing is proven: git-comfy\/.* is of another run, by what is embedded in it/,
  );
  expect(reproductions[0]?.grade).toBe('partial');
  expect(exit).toBe(1);
});

test('a server whose cache cannot be defeated proves nothing', async () => {
  const comfy = await startComfy({}, [], { stubbornCache: true });
  const { reproductions, exit } = await reproduce(await recorded(comfy), comfy);
  expect(reproductions[0]?.reasons.join()).toContain("from the server's cache came");
  expect(exit).toBe(1);
});
