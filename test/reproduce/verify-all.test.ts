import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import type { Surroundings } from '../../src/capture/surroundings.js';
import type { Progress } from '../../src/context.js';
import { type VerifyingAll, verifyAll } from '../../src/reproduce/verify-all.js';
import { coverageLines } from '../../src/terminal/coverage-text.js';
import { type ComfyProject, checkpoint, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** One model is locked; two others are only there. */
async function projectOfThree(): Promise<ComfyProject> {
  const project = makeProject();
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.put('models/checkpoints/put_checkpoints_here', '');
  project.put('models/loras/ink.safetensors', 'ink');
  project.put('models/vae/deep/paint.pt', 'paint');
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors')));
  project.git('add', '.');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  return project;
}

interface Sitting {
  readonly read: number;
  readonly said: string[];
}

type Cache = Surroundings['cache'];
const twoHours = 7_200_000;

/** A cache to which every pass is two hours after the one before, however little time lies between them here. */
const atPass = (cache: Cache, pass: number): Cache => ({
  ...cache,
  remember: (path, hashed, now) => cache.remember(path, hashed, now + pass * twoHours),
  trusting: (policy) => atPass(cache.trusting(policy), pass),
});

/** One call of `verify --all`: its answer, the bytes that it read and what it said. */
async function sitting(project: ComfyProject, pass = 1, options: Partial<VerifyingAll> = {}) {
  const seen: Sitting & { read: number } = { read: 0, said: [] };
  let last = 0;
  const progress = (step: Progress | undefined) => {
    if (step === undefined) last = 0;
    else if (step.done > last) {
      seen.read += step.done - last;
      last = step.done;
    }
  };
  const talk = { ...quiet, progress, say: (line: string) => void seen.said.push(line) };
  const found = await project.around();
  const around = { ...found, cache: atPass(found.cache, pass) };
  const now = new Date(Date.now() + pass * twoHours);
  const verifying = { around, signal, talk, cwd: project.path, anew: false, now, ...options };
  return { found: await verifyAll(await project.open(), undefined, verifying), ...seen };
}

/** Stops the pass when so many of the model files are read; what it said then. */
async function stopAfter(project: ComfyProject, files: number, pass = 1): Promise<string[]> {
  const stop = new AbortController();
  const said: string[] = [];
  const around = await project.around();
  let kept = 0;
  const counting = (cache: Cache): Cache => ({
    ...cache,
    trusting: (policy) => counting(cache.trusting(policy)),
    async remember(path, hashed, now) {
      await cache.remember(path, hashed, now);
      if (++kept === files) stop.abort();
    },
  });
  const talk = { ...quiet, say: (line: string) => void said.push(line) };
  const cache = counting(atPass(around.cache, pass));
  const work = sitting(project, pass, { around: { ...around, cache }, signal: stop.signal, talk });
  await expect(work).rejects.toMatchObject({ code: 'interrupted' });
  return said;
}

test('every model file is read again, whatever the cache knows, and the lock verified by that', async () => {
  const project = await projectOfThree();
  const { found, read } = await sitting(project);
  expect(read).toBe('weights'.length + 'ink'.length + 'paint'.length);
  expect(found).toMatchObject({ same: true, grade: 'full', differences: [] });
  expect(found.coverage).toMatchObject({ files: 3, bytes: read, earlier: { files: 0 }, damaged: [], unread: [] });
  expect((await sitting(project, 2)).read).toBe(read);
});

test('stopped, it says how far it is, and the next goes on from there: the lock first', async () => {
  const project = await projectOfThree();
  const said = await stopAfter(project, 1);
  expect(said.at(-1)).toBe(
    '1 of 3 model files are read (0.00 GB of 0.00 GB); git comfy verify --all goes on from there',
  );
  const second = await sitting(project);
  expect(second.said[0]).toMatch(/^going on: 1 of 3 model files are read/);
  expect(second.read).toBe('ink'.length + 'paint'.length);
  expect(second.found.coverage.earlier).toEqual({ files: 1, bytes: 'weights'.length });
  expect((await sitting(project, 2)).said).toEqual([]);
});

test('--no-cache begins anew', async () => {
  const project = await projectOfThree();
  await stopAfter(project, 2);
  expect((await sitting(project, 2, { anew: true })).read).toBe(15);
});

test('a file that changed without a sign of it is damaged, also when it is not in the lock, also after a stop', async () => {
  const project = await projectOfThree();
  await sitting(project);
  const { cache } = await project.around();
  const ink = join(project.comfy, 'models/loras/ink.safetensors');
  writeFileSync(ink, 'INK');
  const { mtimeNs, ctimeNs } = statSync(ink, { bigint: true });
  const file = join(cache.folder ?? '', 'model-hashes.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const unseen = lines.map((text) => {
    const line = JSON.parse(text);
    return JSON.stringify(line.path === ink ? { ...line, mtime: String(mtimeNs), ctime: String(ctimeNs) } : line);
  });
  writeFileSync(file, unseen.join('\n'));
  await stopAfter(project, 2, 2);
  const { found } = await sitting(project, 2);
  const damaged = [{ name: 'loras/ink.safetensors', before: sha256('ink'), now: sha256('INK') }];
  expect(found).toMatchObject({ same: false, differences: [], coverage: { damaged } });
  expect(coverageLines(found.coverage)[1]).toContain('loras/ink.safetensors: damaged');
});

test('what cannot be read is named, and is no success', async () => {
  const project = await projectOfThree();
  project.put('models/loras/locked.bin', 'secret');
  const path = join(project.comfy, 'models/loras/locked.bin');
  const { found } = await sitting(project, 1, { talk: { ...quiet, progress: () => chmodSync(path, 0o600) } });
  expect(found.same).toBe(false);
  expect(found.coverage.unread).toEqual([
    { name: 'loras/locked.bin', problem: expect.stringContaining('changed while it was read') },
  ]);
});

test('a pass that cannot be told apart from rubbish is begun anew', async () => {
  const project = await projectOfThree();
  await stopAfter(project, 1);
  const { cache } = await project.around();
  writeFileSync(join(cache.folder ?? '', 'verify-all.json'), '[{');
  const { said, read } = await sitting(project, 2);
  expect([said, read]).toEqual([[], 15]);
});
