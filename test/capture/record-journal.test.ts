import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRunDocuments } from '../../src/capture/read-documents.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { recordJournal } from '../../src/capture/record-journal.js';
import { recordRun } from '../../src/capture/record-run.js';
import { recordCommand } from '../../src/commands/record.js';
import type { RunRecord } from '../../src/lineage/record.js';
import { type ComfyProject, makeProject, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { madePicture, picture, runFacts, workflowText } from '../support/run-facts.js';
import { hashesLine, type JournalledRun, journalLines, journalText } from '../support/run-journal.js';
import { closedPort } from '../support/simulated.js';
import { normalText } from '../support/workflow-repository.js';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const path = 'flows/a.json';
const name = 't/img_00001_.png';

interface Stage extends ComfyProject {
  readonly take: (lines: readonly object[], now?: Date) => ReturnType<typeof recordJournal>;
  readonly records: () => Promise<RunRecord[]>;
  readonly stateOf: (record: RunRecord) => ReturnType<typeof readRunDocuments>;
}

const journal = 'user/__gitcomfy/journal.jsonl';
const later = new Date('2026-11-21T12:30:00Z');

/** A ComfyUI folder with one output, and a repository that holds the workflow which made it. */
function stage(files: Readonly<Record<string, Buffer>> = { [name]: picture(3) }): Stage {
  const project = makeProject();
  project.commit({ [path]: normalText(workflowText()) });
  for (const [file, bytes] of Object.entries(files)) project.put(`output/${file}`, bytes);
  return {
    ...project,
    take: async (lines, now = later) => {
      project.put(journal, journalText(lines));
      return recordJournal(await project.open(), { around: await project.around(), now, signal, talk: quiet });
    },
    records: async () => (await readLineage(await project.open())).records.map(({ record }) => record),
    stateOf: async (record) => readRunDocuments(await project.open(), record),
  };
}

const run = (more: JournalledRun = {}) => journalLines({ outputs: { [name]: picture(3) }, ...more });

test('a run becomes a record with what was true when it ran, found in a picture without metadata', async () => {
  const { take, records, stateOf, git, put } = stage();
  put('models/checkpoints/dream.safetensors', 'replaced since');
  expect(await take(run({ seed: '99' }))).toMatchObject({ recorded: [{ prompt: 'run-1' }], known: 0, damaged: 0 });
  const [record] = await records();
  expect(record).toMatchObject({
    ...{ captured: 'pack', match: 'seeds', commit: git('rev-parse', 'HEAD'), workflow: { path } },
    ...{ prompt: 'run-1', start: '2026-11-21T12:00:00.000Z', duration: 1500, seeds: { '3.seed': '99' } },
    outputs: [{ name, node: '9', index: 0, width: 2, height: 1, sha256: sha256(picture(3)) }],
  });
  const { state, snapshot } = await stateOf(record as RunRecord);
  expect(snapshot?.executed).toEqual(['4', '5', '6', '7', '3', '8', '9']);
  expect(state?.environment).toMatchObject({ pack: '1.0.0', cpu: 'EPYC', devices: ['cpu'], flags: { threads: '2' } });
  expect(state?.comfyui).toEqual({ commit: 'c'.repeat(40), version: '0.8.0' });
  expect(Object.fromEntries(state?.models ?? [])).toEqual({
    'checkpoints/dream.safetensors': {
      ...{ digest: `sha256:${sha256('weights')}`, tensors: `sha256:${sha256('tensors')}`, size: 7 },
    },
  });
});

test('again is harmless, also for a run that was recorded while it went on', async () => {
  const { take, records, open } = stage();
  const facts = runFacts({}, { promptId: 'seen' });
  await recordRun(await open(), facts);
  const lines = [...run(), ...run({ id: 'seen', seed: '8' })];
  expect(await take(lines)).toMatchObject({ recorded: [{}], known: 1 });
  expect(await take(lines)).toMatchObject({ recorded: [], known: 2 });
  expect(await records()).toHaveLength(2);
});

test('an output that was moved and renamed is found by its content; one that is gone keeps its hash', async () => {
  const moved = stage({ 'best/of/all.png': picture(3), 'other.png': picture(4) });
  await moved.take(run());
  expect((await moved.records())[0]?.outputs).toMatchObject([{ name, width: 2, pixels: expect.any(String) }]);
  const gone = stage({});
  await gone.take(run());
  expect((await gone.records())[0]?.outputs).toEqual([
    { name, node: '9', index: 0, sha256: sha256(picture(3)), bytes: picture(3).length },
  ]);
});

test('a file of that name with other content is not taken for the output', async () => {
  const { take, records } = stage({ [name]: picture(5) });
  await take(run());
  expect((await records())[0]?.outputs[0]).not.toHaveProperty('pixels');
});

test('a line that a kill cut short is passed over, and so is whatever is no line of ours', async () => {
  const { put, open, around } = stage();
  const whole = journalText(run());
  const damaged = [
    `${whole.slice(0, -200)}\n`,
    ...[whole.replaceAll('run-1', 'run-2'), '{"journal":2,"kind":"run"}\n', 'null\n', '{"journal":1,"kind":"run"}\n'],
    ...[journalText(run({ id: 'run-3', seed: '5' }).slice(2)), whole.replaceAll('run-1', 'run-4').slice(0, -300)],
  ];
  put(journal, damaged.join(''));
  const taken = await recordJournal(await open(), { around: await around(), now: later, signal, talk: quiet });
  expect(taken.recorded.map(({ prompt }) => prompt)).toEqual(['run-2']);
  expect(taken.damaged).toBe(6);
});

test('hashes that came after the run are its own, also from a later file', async () => {
  const { put, take, records, stateOf } = stage();
  const open = { 'checkpoints/dream.safetensors': { size: 7 }, 'loras/ink.safetensors': { size: 3 } };
  put('user/__gitcomfy/journal-20261121T120000Z-7.jsonl', journalText(run({ models: open })));
  const models = {
    'checkpoints/dream.safetensors': { sha256: sha256('weights') },
    'loras/ink.safetensors': { changed: true },
  };
  await take([hashesLine('run-1', models)]);
  const { state } = await stateOf((await records())[0] as RunRecord);
  expect(Object.fromEntries(state?.models ?? [])).toEqual({
    'checkpoints/dream.safetensors': { digest: `sha256:${sha256('weights')}`, size: 7 },
    'loras/ink.safetensors': { digest: 'unhashed', size: 3 },
  });
});

test('a run whose models are still hashed waits, and after a day is recorded as it is known', async () => {
  const { take, records } = stage();
  const lines = run({ models: { 'checkpoints/dream.safetensors': { size: 7 } } });
  expect(await take(lines)).toMatchObject({ recorded: [], waiting: 1 });
  expect(await records()).toEqual([]);
  expect(await take(lines, new Date('2026-11-23T12:00:00Z'))).toMatchObject({ recorded: [{}], waiting: 0 });
});

test('runs that failed or left no file are counted, and not recorded', async () => {
  const { take } = stage();
  const lines = [
    ...run({ id: 'a', status: 'error' }),
    ...journalLines({ id: 'b', seed: '2' }),
    ...journalLines({ id: 'c', seed: '3', outputs: { 'x.png': undefined } }),
  ];
  expect(await take(lines)).toMatchObject({ recorded: [], empty: 3 });
});

test('a run that the cache answered is linked to the one that made it, also of the same journal', async () => {
  const { take, records } = stage({
    [name]: picture(3),
    'again.png': picture(3, { x: 'saved again' }),
    'o.png': picture(8),
  });
  const nodes = ['4', '5', '6', '7', '3', '8'];
  const outputs = { 'again.png': picture(3, { x: 'saved again' }) };
  const lines = [
    ...run({ id: 'other', seed: '2', cached: ['4'], outputs: { 'o.png': picture(8) } }),
    ...run(),
    ...run({ id: 'all', cached: [...nodes, '9'] }),
    ...run({ id: 'saved', cached: nodes, outputs }),
  ];
  expect(await take(lines)).toMatchObject({
    recorded: [{ prompt: 'other' }, { prompt: 'run-1' }, { prompt: 'saved' }],
    known: 1,
  });
  const maker = (await records()).find(({ prompt }) => prompt === 'run-1');
  const again = (await records()).find(({ prompt }) => prompt === 'saved');
  expect(again?.cachedFrom).toMatch(/^[0-9a-f]{64}$/);
  expect(maker).not.toHaveProperty('cachedFrom');
});

test('names that leave their folder are none', async () => {
  const outside = stage({});
  outside.put('secret.png', picture(3));
  const models = {
    '../x.safetensors': { size: 1, sha256: sha256('a') },
    'loras/../../y': { size: 1, sha256: sha256('b') },
  };
  await outside.take(run({ outputs: { '../secret.png': picture(3), [name]: picture(4) }, models }));
  const [record] = await outside.records();
  expect(record?.outputs.map((output) => output.name)).toEqual([name]);
  expect((await outside.stateOf(record as RunRecord)).state?.models.size).toBe(0);
});

test('a link that leads out of the output folder is not followed', async () => {
  const { take, records, put, comfy } = stage();
  put('secret.png', picture(4));
  symlinkSync(join(comfy, 'secret.png'), join(comfy, 'output/link.png'));
  await take(run({ outputs: { 'link.png': picture(4) } }));
  expect((await records())[0]?.outputs[0]).not.toHaveProperty('pixels');
});

test('the commit is the one that HEAD was at when it ran, by the reflog', async () => {
  const { take, records, git, commit, path: repository } = stage();
  const first = git('rev-parse', 'HEAD');
  commit({ 'notes.txt': 'later' });
  const seconds = Number(git('log', '-1', '--format=%ct', first));
  // Both commits are of the same second here, so the reflog is written by hand: an hour lies between them.
  const entry = (from: string, to: string, at: number) => `${from} ${to} A <a@example.org> ${at} +0000\tcommit: x\n`;
  const head = git('rev-parse', 'HEAD');
  const lines = [entry('0'.repeat(40), first, seconds), entry(first, head, seconds + 3600)];
  writeFileSync(join(repository, '.git/logs/HEAD'), lines.join(''));
  const uncommitted = { text: 'another prompt altogether', embedded: false } as const;
  await take([
    ...run({ ...uncommitted, id: 'between', start: (seconds + 60) * 1000 }),
    ...run({ ...uncommitted, id: 'after', seed: '4', start: (seconds + 7200) * 1000 }),
    ...run({ id: 'before', seed: '5', start: (seconds - 60) * 1000 }),
  ]);
  const of = async (prompt: string) => (await records()).find((record) => record.prompt === prompt);
  expect((await of('between'))?.commit).toBe(first);
  expect((await of('after'))?.commit).toBe(head);
  expect(await of('before')).toMatchObject({ commit: first, inferred: true, match: 'seeds' });
});

test('before the first commit a run waits, and is known all the same', async () => {
  const project = makeProject();
  project.put(journal, journalText(run()));
  const take = async () =>
    recordJournal(await project.open(), { around: await project.around(), now: later, signal, talk: quiet });
  const [recorded] = (await take()).recorded;
  expect(recorded?.record).not.toHaveProperty('commit');
  expect(await take()).toMatchObject({ recorded: [], known: 1 });
});

test('without a journal it says where one is expected', async () => {
  const project = makeProject();
  const options = { around: await project.around(), now: later, signal, talk: quiet };
  await expect(recordJournal(await project.open(), options)).rejects.toMatchObject({ code: 'no-journal' });
  const missing = { ...options, path: '/nowhere/journal.jsonl' };
  await expect(recordJournal(await project.open(), missing)).rejects.toMatchObject({ code: 'no-such-file' });
  const other = { ...options, path: project.comfy };
  await expect(recordJournal(await project.open(), other)).rejects.toMatchObject({ code: 'no-journal' });
});

test('an output that was back-filled before gets the better record', async () => {
  const bytes = madePicture(9);
  const { take, open, records } = stage({ [name]: bytes });
  await recordRun(await open(), {
    ...runFacts(),
    outputs: [{ name, node: '9', index: 0, bytes }],
    captured: 'embedded',
  });
  expect(await take(run({ outputs: { [name]: bytes } }))).toMatchObject({ recorded: [{}] });
  expect((await records()).map(({ captured }) => captured).sort()).toEqual(['embedded', 'pack']);
});

test('the command says what came of it, and takes no other files with it', async () => {
  const { put, git, path: repository } = stage();
  git('config', 'comfy.server', await closedPort());
  put(journal, journalText([...run(), ...run({ id: 'failed', seed: '2', status: 'error' }), { journal: 9 }]));
  const { context } = captured(repository, { now: () => later });
  const answer = await recordCommand.run(context, { args: [], options: { journal: true } });
  expect(answer.text.split('\n')).toEqual([
    expect.stringMatching(/^t\/img_00001_\.png: recorded: flows\/a\.json at [0-9a-f]{10}$/),
    '1 run failed or left no file',
    '1 line of the journal cannot be read',
  ]);
  const both = recordCommand.run(context, { args: ['a.png'], options: { journal: true } });
  await expect(both).rejects.toMatchObject({ code: 'usage' });
});
