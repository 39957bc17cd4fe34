import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { reproduceCommand } from '../../src/commands/reproduce.js';
import { recordId } from '../../src/lineage/record-line.js';
import type { AllReproduced } from '../../src/reproduce/reproduction.js';
import { writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { grain } from '../support/scene.js';
import { plainPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const promptOf = (seed: number, more = {}) => writeJson(plainPrompt(seed, more));
const batch = {
  '1': { class_type: 'EmptyImage', inputs: { width: 16, height: 16, batch_size: 2, color: 255 } },
};

/** Nobody listens there. */
const away = 'http://127.0.0.1:9';

interface Scene {
  readonly url: string;
  readonly repository: TestRepository;
  readonly ids: readonly string[];
}

/** Three runs at one commit, the last a batch of two. */
async function scene(): Promise<Scene> {
  const comfy = await startComfy();
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/a.json': promptOf(1) });
  const opened = await repository.open();
  for (const prompt of [promptOf(1), promptOf(2), promptOf(3, batch)]) await runAndRecord(opened, comfy.url, prompt);
  const { records } = await readLineage(opened);
  return { url: comfy.url, repository, ids: records.map(({ text }) => recordId(text)) };
}

async function reproduce({ repository, url }: Scene, asked: string | undefined, options = {}) {
  const { context } = captured(repository.path);
  const args = asked === undefined ? [] : [asked];
  const answer = await reproduceCommand.run(context, { args, options: { server: url, ...options } });
  return { ...answer, ...(answer.result as AllReproduced & { saved: string[] }) };
}

test('all runs of a commit, the newest of them, those since a day; and a summary', async () => {
  const set = await scene();
  const all = await reproduce(set, 'HEAD');
  expect(all.reproductions.map(({ grade }) => grade)).toEqual(['full', 'full', 'full']);
  expect(all.text).toMatch(/3 runs: 3 full$/);
  expect(all.exit).toBe(0);
  const newest = await reproduce(set, 'HEAD', { limit: '1' });
  expect(newest.reproductions.map(({ names }) => names.length)).toEqual([2]);
  await expect(reproduce(set, 'HEAD', { since: '2999' })).rejects.toMatchObject({
    code: 'no-record',
    message: expect.stringContaining('since 2999'),
  });
});

test('by the first digits of a record, or of an output', async () => {
  const set = await scene();
  const [id = ''] = set.ids;
  const found = await reproduce(set, id.slice(0, 10), { dryRun: true });
  expect(found.reproductions).toMatchObject([{ original: id, found: 'record', plan: { queue: { nodes: 3 } } }]);
  const { records } = await readLineage(await set.repository.open());
  const sha256 = records[1]?.record.outputs[0]?.sha256 ?? '';
  expect((await reproduce(set, sha256.slice(0, 12), { dryRun: true })).reproductions).toMatchObject([
    { found: 'file' },
  ]);
});

test('what a search finds, each run with the outputs that fit', async () => {
  const set = await scene();
  const found = await reproduce(set, undefined, { find: 'seed:2..3 input.width:16', dryRun: true });
  expect(found.reproductions).toMatchObject([{ found: 'query', names: [expect.any(String), expect.any(String)] }]);
  await expect(reproduce(set, undefined, { find: 'seed:99' })).rejects.toMatchObject({ code: 'usage' });
  await expect(reproduce(set, 'HEAD', { find: 'seed:1' })).rejects.toMatchObject({ code: 'usage' });
  await expect(reproduce(set, undefined)).rejects.toMatchObject({ code: 'usage' });
});

test('a dry run says what would be checked out, verified, queued and compared', async () => {
  const set = await scene();
  const { text, exit } = await reproduce(set, 'HEAD', { dryRun: true, limit: '1', repeat: '3' });
  expect(text).toMatch(
    /a run would\n {2}check out [0-9a-f]{10} in a .*\n {2}verify 0 models, 0 packs, 0 inputs, 3 classes .*\n {2}queue 3 nodes on .*, 3 times, .*\n {2}compare t\/img_00003_\.png with the file\n/,
  );
  expect(exit).toBe(0);
});

test('--repeat runs as often as asked, --out saves what each run made', async () => {
  const set = await scene();
  const out = temporaryFolder();
  const found = await reproduce(set, (set.ids[2] ?? '').slice(0, 12), { repeat: '2', out });
  expect(found.reproductions.map(({ grade }) => grade)).toEqual(['full', 'full']);
  expect(new Set(found.saved).size).toBe(4);
  expect(found.saved.every((path) => path.startsWith(out) && existsSync(path))).toBe(true);
  expect((await readLineage(await set.repository.open())).records).toHaveLength(5);
});

test('--html writes one page: original and reproduction, grades, figures', async () => {
  const set = await scene();
  const html = join(temporaryFolder(), 'report.html');
  await reproduce(set, 'HEAD', { limit: '1', html });
  const page = readFileSync(html, 'utf8');
  expect(page).toContain('<title>2 outputs made again</title>');
  expect(page.match(/<span class="badge full">full<\/span><small>expected full<\/small>/g)).toHaveLength(2);
  expect(page).toContain('<dt>samples</dt><dd>all the same</dd>');
  expect(page.match(/<img alt="original"/g)).toHaveLength(2);
});

test('of several, one that cannot be made again does not keep the others from it, and the answer is no', async () => {
  const set = await scene();
  const rich = await startComfy({ 'custom_nodes/Extra/simulated.json': grain('Extra', 0.5) });
  const extra = { '3': { class_type: 'Extra', inputs: { image: ['2', 0], strength: 0.5 } } };
  const saved = { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } };
  await runAndRecord(await set.repository.open(), rich.url, promptOf(4, { ...extra, '9': saved }));
  const found = await reproduce(set, 'HEAD');
  expect(found.failed).toMatchObject([{ error: { code: 'class-missing' } }]);
  expect(found.reproductions).toHaveLength(3);
  expect(found.exit).toBe(1);
  expect(found.text).toMatch(/failed\n {2}.* has no node Extra\n {6}install the pack/);
  expect(found.text).toMatch(/4 runs: 3 full, 1 failed$/);
});

test('several servers share the runs; what one lacks goes to another, and one that is away is left out', async () => {
  const set = await scene();
  const opened = await set.repository.open();
  const rich = await startComfy({ 'custom_nodes/Extra/simulated.json': grain('Extra', 0.5) });
  const extra = { '3': { class_type: 'Extra', inputs: { image: ['2', 0], strength: 0.5 } } };
  const saved = { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } };
  await runAndRecord(opened, rich.url, promptOf(4, { ...extra, '9': saved }));
  const html = join(temporaryFolder(), 'report.html');
  const found = await reproduce(set, 'HEAD', { server: [set.url, away, rich.url], html });
  expect(found.exit).toBe(0);
  expect(found.leftOut).toMatchObject([{ name: '127.0.0.1:9', reason: expect.stringMatching(/./) }]);
  expect(found.text).toMatch(/4 runs: 4 full\n.* was left out: /);
  const where = found.reproductions.map(({ run }) => run?.server);
  expect(new Set(where)).toEqual(new Set([set.url, rich.url].map((url) => new URL(url).host)));
  // In the order in which they would be made one after the other; the newest needs what only one server has.
  expect(where[0]).toBe(new URL(rich.url).host);
  expect(found.reproductions.map(({ original }) => original)).toEqual(
    (await reproduce(set, 'HEAD', { server: rich.url, dryRun: true })).reproductions.map(({ original }) => original),
  );
  const { records } = await readLineage(opened);
  expect(records.filter(({ record }) => record.reproduces !== undefined)).toHaveLength(4);
  expect(readFileSync(html, 'utf8')).toContain('<title>5 outputs made again</title>');
});

test('of one run on several servers the first that can makes it; where none can it is an error', async () => {
  const set = await scene();
  const bare = await startComfy();
  const id = (set.ids[0] ?? '').slice(0, 12);
  const found = await reproduce(set, id, { server: [bare.url, set.url], dryRun: true });
  expect(found.reproductions).toHaveLength(1);
  const gone = reproduce(set, id, { server: [away, 'http://127.0.0.1:7'] });
  await expect(gone).rejects.toMatchObject({ code: 'no-server', hint: expect.stringMatching(/./) });
});

test('a renamed input fails with the reason, before anything is queued', async () => {
  const [old, young] = ['strength', 'amount'].map((name) => grain('Extra', 0.5).replaceAll('strength', name));
  const before = await startComfy({ 'custom_nodes/Extra/simulated.json': old ?? '' });
  const repository = makeWorkflowRepository();
  const extra = { '3': { class_type: 'Extra', inputs: { image: ['2', 0], strength: 0.5 } } };
  const prompt = promptOf(4, {
    ...extra,
    '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } },
  });
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/a.json': prompt });
  await runAndRecord(await repository.open(), before.url, prompt);
  const { url } = await startComfy({ 'custom_nodes/Extra/simulated.json': young ?? '' });
  await expect(reproduce({ url, repository, ids: [] }, 'HEAD')).rejects.toMatchObject({
    code: 'interface-changed',
    message: 'Extra #3: it now needs amount; the record has strength, which it has no more',
  });
});
