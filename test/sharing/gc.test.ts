import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { draftRecord } from '../../src/capture/draft-record.js';
import { journalDraft } from '../../src/capture/lineage-journal.js';
import { readLineage, readLineageLines } from '../../src/capture/read-lineage.js';
import { recordRun } from '../../src/capture/record-run.js';
import type { RunFacts } from '../../src/capture/run-facts.js';
import { ownerName } from '../../src/files/alive.js';
import { addNoteLines, readNotes } from '../../src/git/notes.js';
import { listStore, putStore } from '../../src/git/store.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { nameDocument } from '../../src/lineage/stored-document.js';
import { fsck } from '../../src/sharing/fsck.js';
import { gc } from '../../src/sharing/gc.js';
import { label, unlabel } from '../../src/sharing/label.js';
import { sync } from '../../src/sharing/sync.js';
import { captured } from '../support/context.js';
import { repositoryAt, temporaryFolder } from '../support/git.js';
import { madePicture, runFacts } from '../support/run-facts.js';
import { bundleScript } from '../support/script.js';
import { committedWorkflow } from '../support/workflow-repository.js';

const now = new Date('2026-12-24T12:00:00Z');
const later = new Date('2027-12-24T12:00:00Z');
/** Everything is old enough. */
const all = { dryRun: false, since: later, now };

const output = (name: string, shade: number, temp = false): Partial<RunFacts> => ({
  outputs: [{ name, node: '9', index: 0, bytes: madePicture(shade), ...(temp ? { temp: true } : {}) }],
});

/** Another prompt, so another snapshot. */
const steps = (count: number) => ({ steps: count });

const namesOf = async (opened: Parameters<typeof readLineage>[0]) =>
  (await readLineage(opened)).records.flatMap(({ record }) => record.outputs.map(({ name }) => name)).sort();

test('a preview is taken back with its snapshot; kept outputs and what they need stay', async () => {
  const { opened } = await committedWorkflow();
  await recordRun(opened, runFacts(steps(20), output('kept.png', 1)));
  const { record } = await recordRun(opened, runFacts(steps(21), output('preview.png', 2, true)));
  const plan = await gc(opened, { ...all, dryRun: true });
  expect(await namesOf(opened)).toEqual(['kept.png', 'preview.png']);
  const done = await gc(opened, all);
  expect({ ...done, dryRun: true }).toEqual(plan);
  expect(done).toMatchObject({ temporary: ['preview.png'], lines: 1 });
  expect(done.documents).toEqual([`snapshots/${record.snapshot.slice(0, 2)}/${record.snapshot.slice(2)}.json`]);
  expect(await namesOf(opened)).toEqual(['kept.png']);
  expect(await listStore(opened, 'snapshots')).toHaveLength(1);
  expect((await fsck(opened, false)).faults).toEqual([]);
  // A watcher that meets the run in the server's history again knows it.
  expect((await readLineageLines(opened)).some(({ text }) => text.includes(`"prompt":"${record.prompt}"`))).toBe(true);
  expect(await gc(opened, all)).toMatchObject({ temporary: [], lines: 0, documents: [], files: [] });
});

test('what gc took out stays out when more is recorded, here and in a clone that syncs', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts(steps(20), output('preview.png', 2, true)));
  repository.git('clone', '-q', '--bare', '.', '../hub.git');
  repository.git('clone', '-q', '../hub.git', '../b');
  repository.git('remote', 'add', 'origin', '../hub.git');
  const b = await repositoryAt(join(dirname(repository.path), 'b')).open();
  const run = (made: { readonly top: string }) => sync(captured(made.top).context, undefined);
  for (const clone of [opened, b]) await run(clone);
  expect((await gc(opened, all)).documents).toHaveLength(1);
  for (const clone of [opened, b]) await run(clone);
  for (const clone of [opened, b]) {
    await recordRun(clone, runFacts(steps(30), output('kept.png', 3)));
    expect(await listStore(clone, 'snapshots')).toHaveLength(1);
  }
});

test('what is younger than asked for stays', async () => {
  const { opened } = await committedWorkflow();
  await recordRun(opened, runFacts({}, { ...output('preview.png', 2, true), start: new Date('2026-11-21T11:50:00Z') }));
  await putStore(
    opened,
    [nameDocument('snapshot', '{}')].map(({ path, text }) => ({ path, bytes: text })),
  );
  const young = await gc(opened, { ...all, since: new Date('2026-11-21T11:49:00Z') });
  expect(young).toMatchObject({ temporary: [], documents: [] });
});

test.each<[string, (of: string) => Partial<RunFacts>]>([
  ['that was reproduced', (of) => ({ reproduces: of })],
  ['that was varied', (of) => ({ varies: of })],
])('a preview %s stays', async (_, facts) => {
  const { opened } = await committedWorkflow();
  const { id } = await recordRun(opened, runFacts({}, output('preview.png', 2, true)));
  await recordRun(opened, runFacts({}, { ...output('kept.png', 3), ...facts(id) }));
  expect(await gc(opened, all)).toMatchObject({ temporary: [], documents: [] });
});

test('a preview that is the input of another run stays', async () => {
  const { opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts({}, output('preview.png', 2, true)));
  const digest = `sha256:${record.outputs[0]?.sha256 ?? ''}` as const;
  const inputs = new Map([['preview.png', { digest }]]);
  const dependencies = { models: new Map(), packs: new Map(), classes: new Map(), inputs };
  await recordRun(opened, runFacts({}, { ...output('kept.png', 3), dependencies }));
  expect(await gc(opened, all)).toMatchObject({ temporary: [] });
});

test('a preview with a label stays until the label is taken back; that label does not come back from another clone', async () => {
  const { repository, opened } = await committedWorkflow();
  await recordRun(opened, runFacts({}, output('preview.png', 2, true)));
  writeFileSync(join(repository.path, 'preview.png'), madePicture(2));
  await label(opened, repository.path, 'client-x', ['preview.png'], () => now);
  const before = [...(await readNotes(opened))].flatMap(([commit, lines]) => lines.map((line) => ({ commit, line })));
  expect(await gc(opened, all)).toMatchObject({ temporary: [], lines: 0 });
  await unlabel(opened, repository.path, 'client-x', ['preview.png'], () => now);
  expect(await gc(opened, all)).toMatchObject({ temporary: ['preview.png'], lines: 2 });
  expect([...(await readNotes(opened)).values()].flat().filter((line) => !line.includes('tombstone'))).toEqual([]);
  await addNoteLines(opened, before);
  expect(await readLineage(opened)).toMatchObject({ records: [], labels: [] });
});

test('a document that something names stays: a run in the journal, a line of a later version, a line of a remote', async () => {
  const { repository, opened, head } = await committedWorkflow();
  const documents = ['waiting', 'newer', 'remote', 'nobody'].map((name) => nameDocument('snapshot', `{"${name}":1}\n`));
  const [, newer, remote, nobody] = documents;
  await putStore(
    opened,
    documents.map(({ path, text }) => ({ path, bytes: text })),
  );
  const draft = draftRecord(opened, runFacts(), now);
  await journalDraft(opened, { ...draft, record: { ...draft.record, snapshot: documents[0]?.id ?? '' } });
  await addNoteLines(opened, [{ commit: head, line: `{"of":"${remote?.id}","record":3}` }]);
  repository.git('update-ref', 'refs/notes/remotes/origin/comfy', 'refs/notes/comfy');
  repository.git('update-ref', '-d', 'refs/notes/comfy');
  await addNoteLines(opened, [{ commit: head, line: `{"record":2,"scene":"${newer?.id}"}` }]);
  // The journal is not folded where nothing is changed.
  const { documents: found } = await gc(opened, { ...all, dryRun: true });
  expect(found).toEqual([nobody?.path]);
});

test('what killed processes have left goes, and caches of what is over; what is in use stays', async () => {
  const { repository, opened } = await committedWorkflow();
  const old = new Date(now.getTime() - 2 * 3600 * 1000);
  const [older, ancient] = [60, 90].map((days) => new Date(now.getTime() - days * 24 * 3600 * 1000)) as [Date, Date];
  const nobody = ownerName.replace(/-\d+$/, '-999999999');
  const files = [
    [`comfy.lock.${nobody}.0123abcd.tmp`, old],
    [`comfy.lock.${ownerName}.0123abcd.tmp`, old],
    [`comfy.lock.${nobody}.4567abcd.tmp`, now],
    ['workflows/a.json.ffffffff-1.0123abcd.tmp', old],
    ['workflows/mine.tmp', old],
    [`.git/comfy/journal/records/x.json.${nobody}.0123abcd.tmp`, old],
    ['.git/comfy/journal/records/broken.json', old],
    ['.git/comfy/cache/message-0123456789ab.txt', old],
    ['.git/comfy/cache/shown/999999999/text', old],
    [`.git/comfy/cache/shown/${process.pid}/text`, old],
    ['.git/comfy/cache/conflicts/0123.json', ancient],
    ['.git/comfy/cache/conflicts/4567.json', old],
    ['.git/comfy/names/0123.json', ancient],
    ['.git/comfy/names/4567.json', older],
  ] as const;
  for (const [path, time] of files) {
    repository.write(path, 'x');
    utimesSync(join(repository.path, path), time, time);
  }
  const killed = join(temporaryFolder(), `git-comfy-${nobody}.Ab12Cd`, 'tree');
  const inUse = join(temporaryFolder(), `git-comfy-${ownerName}.Ab12Cd`, 'tree');
  for (const path of [killed, inUse]) repository.git('worktree', 'add', '--quiet', '--detach', path);
  expect(await gc(opened, { ...all, dryRun: true })).toMatchObject({ worktrees: [killed] });
  await gc(opened, all);
  expect([existsSync(killed), existsSync(inUse)]).toEqual([false, true]);
  expect(repository.git('worktree', 'list', '--porcelain')).not.toContain(killed);
  const left = files.map(([path]) => path).filter((path) => existsSync(join(repository.path, path)));
  expect(left).toEqual([files[1], files[2], files[4], files[6], files[9], files[11], files[13]].map(([path]) => path));
});

test('a document that one clone takes out while a record of another names it is there again after a sync, in either order', async () => {
  for (const first of ['a', 'b']) {
    const { repository, opened, head } = await committedWorkflow();
    const { record } = await recordRun(opened, runFacts(steps(20), output('preview.png', 2, true)));
    const around = dirname(repository.path);
    const run = (name: string) => sync(captured(join(around, name)).context, undefined);
    repository.git('clone', '-q', '--bare', '.', '../hub.git');
    for (const name of ['a', 'b']) repository.git('clone', '-q', '../hub.git', `../${name}`);
    repository.git('push', '-q', '../hub.git', 'refs/notes/comfy', 'refs/comfy/store');
    for (const name of ['a', 'b']) await run(name);
    const [a, b] = await Promise.all(['a', 'b'].map((name) => repositoryAt(join(around, name)).open()));
    if (a === undefined || b === undefined) throw new Error('no clones');
    expect((await gc(a, all)).documents).toHaveLength(1);
    const { prompt: _, ...known } = { ...record, outputs: record.outputs.map(({ temp: __, ...rest }) => rest) };
    await addNoteLines(b, [{ commit: head, line: writeRecord(known) }]);
    const order = first === 'a' ? ['a', 'b', 'a'] : ['b', 'a', 'b'];
    for (const name of order) await run(name);
    for (const clone of [a, b]) expect((await fsck(clone, false)).faults).toEqual([]);
    expect(recordId(writeRecord(known))).not.toBe(recordId(writeRecord(record)));
  }
});

test('a run that is recorded while its document is taken out has it in the end', async () => {
  const { repository, opened } = await committedWorkflow();
  const { record } = await recordRun(opened, runFacts(steps(20), output('preview.png', 2, true)));
  const script = await bundleScript(`
    import { recordRun } from './src/capture/record-run.ts';
    import { openRepository } from './src/git/repository.ts';
    import { madePicture, runFacts } from './test/support/run-facts.ts';
    const outputs = [{ name: 'kept.png', node: '9', index: 0, bytes: madePicture(3) }];
    await recordRun(await openRepository(process.argv[2]), runFacts({ steps: 20 }, { outputs, promptId: 'another' }));
  `);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const folder = temporaryFolder();
  // The third commit of gc, after tombstone and notes, takes the document out: the writer is done just before.
  const wrapper = `#!/bin/sh
case " $* " in *" fast-import "*)
  echo >> '${folder}/count'
  [ "$(wc -l < '${folder}/count')" -ne 3 ] || PATH='${process.env['PATH']}' '${process.execPath}' '${script}' '${repository.path}' < /dev/null ;;
esac
exec '${real}' "$@"\n`;
  writeFileSync(join(folder, 'git'), wrapper, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  expect((await gc(opened, all)).documents[0]).toContain(record.snapshot.slice(2));
  vi.unstubAllEnvs();
  expect(await namesOf(opened)).toEqual(['kept.png']);
  expect((await fsck(opened, false)).faults).toEqual([]);
});
