import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { addNoteLines, notesRef, readNotes } from '../../src/git/notes.js';
import { changeStore, listStore, putStore, readStore, storeRef } from '../../src/git/store.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { sync } from '../../src/sharing/sync.js';
import { runProgram } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository } from '../support/git.js';
import { gitServer } from '../support/git-http.js';

const exchange = (made: TestRepository, remote?: string) => sync(captured(made.path).context, remote);

/** A bare repository and two clones of it, one commit in common. */
function studio(): { a: TestRepository; b: TestRepository; hub: TestRepository; commit: string } {
  const first = makeRepository();
  const commit = first.commit({ a: 'a' });
  const around = dirname(first.path);
  for (const name of ['hub.git', 'a', 'b']) {
    first.git(
      'clone',
      '-q',
      ...(name === 'hub.git' ? ['--bare'] : []),
      name === 'hub.git' ? '.' : '../hub.git',
      `../${name}`,
    );
  }
  const at = (name: string) => repositoryAt(join(around, name));
  return { a: at('a'), b: at('b'), hub: at('hub.git'), commit };
}

test('two clones that diverged have everything of both after a sync each way', async () => {
  const { a, b, commit } = studio();
  const other = '1'.repeat(40);
  const [ours, theirs] = [await a.open(), await b.open()];
  await addNoteLines(ours, [
    { commit, line: 'a1' },
    { commit, line: 'both' },
  ]);
  await putStore(ours, [{ path: 'snapshots/aa/1.json', bytes: 'a' }]);
  await addNoteLines(theirs, [
    { commit, line: 'b1' },
    { commit, line: 'both' },
    { commit: other, line: 'b2' },
  ]);
  await putStore(theirs, [{ path: 'snapshots/bb/1.json', bytes: 'b' }]);

  expect(await exchange(a)).toEqual({
    remote: 'origin',
    received: { lines: 0, documents: 0 },
    sent: { lines: 2, documents: 1 },
    dressed: [],
  });
  expect(await exchange(b)).toEqual({
    remote: 'origin',
    received: { lines: 1, documents: 1 },
    sent: { lines: 2, documents: 1 },
    dressed: [],
  });
  expect(await exchange(a)).toEqual({
    remote: 'origin',
    received: { lines: 2, documents: 1 },
    sent: { lines: 0, documents: 0 },
    dressed: [],
  });

  for (const repository of [ours, theirs]) {
    const notes = await readNotes(repository);
    expect(notes.get(commit)?.sort()).toEqual(['a1', 'b1', 'both']);
    expect(notes.get(other)).toEqual(['b2']);
    expect(await listStore(repository, 'snapshots')).toEqual(['snapshots/aa/1.json', 'snapshots/bb/1.json']);
  }
  expect(a.git('rev-parse', notesRef)).toBe(b.git('rev-parse', notesRef));
  expect(a.git('log', '-1', '--format=%P', storeRef).split(' ')).toHaveLength(2);
});

test('of two layouts for one blob and path the newer one wins on both sides', async () => {
  const { a, b } = studio();
  const path = 'layouts/ab/cd/ef.json';
  const layout = (time: string) => `{"layout":1,"time":"${time}"}`;
  const [ours, theirs] = [await a.open(), await b.open()];
  await putStore(ours, [
    { path, bytes: layout('2026-01-02') },
    { path: 'layouts/cd/x/y.json', bytes: layout('2026-01-01') },
  ]);
  await putStore(theirs, [
    { path, bytes: layout('2026-01-01') },
    { path: 'layouts/cd/x/y.json', bytes: layout('2026-01-02') },
  ]);
  await exchange(a);
  await exchange(b);
  await exchange(a);
  for (const repository of [ours, theirs]) {
    expect(String(await readStore(repository, path))).toBe(layout('2026-01-02'));
    expect(String(await readStore(repository, 'layouts/cd/x/y.json'))).toBe(layout('2026-01-02'));
  }
});

test('nothing to exchange is fine, and twice is once', async () => {
  const { a, hub, commit } = studio();
  const none = { lines: 0, documents: 0 };
  expect(await exchange(a)).toEqual({ remote: 'origin', received: none, sent: none, dressed: [] });
  await addNoteLines(await a.open(), [{ commit, line: 'a1' }]);
  await exchange(a);
  const tip = hub.git('rev-parse', notesRef);
  expect(await exchange(a)).toEqual({ remote: 'origin', received: none, sent: none, dressed: [] });
  expect(hub.git('rev-parse', notesRef)).toBe(tip);
});

test('four clones that sync at once lose nothing', async () => {
  const { a, hub, commit } = studio();
  const names = ['c', 'd', 'e', 'f'];
  const clones = names.map((name) => {
    a.git('clone', '-q', '../hub.git', `../${name}`);
    return repositoryAt(join(dirname(a.path), name));
  });
  for (const [index, clone] of clones.entries()) {
    const repository = await clone.open();
    await addNoteLines(repository, [{ commit, line: `line of ${names[index]}` }]);
    await putStore(repository, [{ path: `states/${names[index]}/x.json`, bytes: 'x' }]);
  }
  const ended = await Promise.all(clones.map((clone) => runProgram(clone.path, ['sync'])));
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
  const united = await hub.open();
  expect((await readNotes(united)).get(commit)?.sort()).toEqual(names.map((name) => `line of ${name}`));
  expect(await listStore(united, 'states')).toHaveLength(4);
});

test('a remote may hold anything in its store: only documents are taken', async () => {
  const { a, hub } = studio();
  await putStore(await a.open(), [{ path: 'states/aa/1.json', bytes: 'x' }]);
  await putStore(await hub.open(), [
    { path: 'states/bb/1.json', bytes: 'y' },
    { path: 'hooks/pre-commit', bytes: '#!/bin/sh' },
  ]);
  await exchange(a);
  expect(await listStore(await a.open(), '')).toEqual(['states/aa/1.json', 'states/bb/1.json']);
});

test('no remote, an unknown one, one that is away: each with what to do, and nothing is lost', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  await addNoteLines(repository, [{ commit, line: 'a1' }]);
  await expect(exchange(made)).rejects.toMatchObject({
    code: 'no-remote',
    hint: expect.stringContaining('git remote add'),
  });
  made.git('remote', 'add', 'one', '/nowhere/one.git');
  await expect(exchange(made, 'other')).rejects.toMatchObject({
    code: 'unknown-remote',
    hint: expect.stringContaining('one'),
  });
  await expect(exchange(made)).rejects.toMatchObject({
    code: 'remote-unreachable',
    message: expect.stringContaining('one'),
  });
  made.git('remote', 'add', 'two', '/nowhere/two.git');
  await expect(exchange(made)).rejects.toMatchObject({
    code: 'no-remote',
    hint: expect.stringContaining('sync one | two'),
  });
  expect((await readNotes(repository)).get(commit)).toEqual(['a1']);
});

test('what somebody only deleted, and pushed, is there again after the next sync of anybody who had it', async () => {
  const { a, b, commit } = studio();
  const [ours, theirs] = [await a.open(), await b.open()];
  const label = (name: string) => writeRecord({ label: 1, name, of: 'a'.repeat(64), time: '2026-11-21T12:00:00.000Z' });
  const [kept, taken] = [label('client-x'), label('draft')];
  const tombstone = writeRecord({ tombstone: 1, of: recordId(taken), time: '2026-11-21T12:00:00.000Z' });
  const path = 'layouts/ab/c/d.json';
  await addNoteLines(
    ours,
    [kept, taken].map((line) => ({ commit, line })),
  );
  await putStore(ours, [{ path, bytes: '{"layout":1,"time":"2026-01-01"}' }]);
  for (const clone of [a, b]) await exchange(clone);
  await changeStore(theirs, { message: 'no layouts', plan: async () => [{ path }] });
  b.git('notes', '--ref=comfy', 'remove', commit);
  await addNoteLines(theirs, [{ commit, line: tombstone }]);
  for (const clone of [b, a, b]) await exchange(clone);
  for (const repository of [ours, theirs]) {
    expect((await readNotes(repository)).get(commit)?.sort()).toEqual([kept, tombstone].sort());
    expect(await readStore(repository, path)).toBeDefined();
  }
});

/** A hook of the server that refuses some refs, as a protected or read-only host does. */
function refuseAt(hub: TestRepository, refs: string): void {
  hub.write(
    'hooks/update',
    `#!/bin/sh\ncase "$1" in ${refs}) echo "GL-HOOK-ERR: $1 is protected" >&2; exit 1 ;; esac\n`,
  );
  chmodSync(join(hub.path, 'hooks/update'), 0o755);
}

test.each([
  ['all', 'refs/*', 'refs/comfy/store and refs/notes/comfy'],
  ['notes', 'refs/notes/*', 'refs/notes/comfy'],
])(
  'a remote that refuses %s is named, with its own words and what to do; what it had has come',
  async (_, refs, named) => {
    const { a, b, hub, commit } = studio();
    await addNoteLines(await b.open(), [{ commit, line: 'b1' }]);
    await exchange(b);
    refuseAt(hub, refs);
    await addNoteLines(await a.open(), [{ commit, line: 'a1' }]);
    await putStore(await a.open(), [{ path: 'states/aa/1.json', bytes: 'x' }]);
    await expect(exchange(a)).rejects.toMatchObject({
      code: 'push-refused',
      message: expect.stringMatching(
        new RegExp(`^origin refuses ${named} \\(hook declined\\): GL-HOOK-ERR: refs/\\S+ is protected`),
      ),
      hint: expect.stringContaining('git remote add lineage <url> && git comfy sync lineage'),
    });
    expect((await readNotes(await a.open())).get(commit)?.sort()).toEqual(['a1', 'b1']);
  },
);

test('who may only read takes in what is there, and nothing is pushed', async () => {
  const { a, b, hub, commit } = studio();
  await addNoteLines(await a.open(), [{ commit, line: 'a1' }]);
  await exchange(a);
  refuseAt(hub, 'refs/*');
  expect(await exchange(b)).toMatchObject({ received: { lines: 1 }, sent: { lines: 0 } });
});

test('over HTTP: lineage goes both ways; where the server lets nobody push, that is said and what it had has come', async () => {
  const { a, b, hub, commit } = studio();
  const { url } = await gitServer(dirname(hub.path));
  for (const clone of [a, b]) clone.git('remote', 'set-url', 'origin', `${url}/hub.git`);
  hub.git('config', 'http.receivepack', 'true');
  await addNoteLines(await a.open(), [{ commit, line: 'a1' }]);
  await exchange(a);
  hub.git('config', 'http.receivepack', 'false');
  await addNoteLines(await b.open(), [{ commit, line: 'b1' }]);
  await expect(exchange(b)).rejects.toMatchObject({ code: 'push-refused', message: expect.stringContaining('403') });
  expect((await readNotes(await b.open())).get(commit)?.sort()).toEqual(['a1', 'b1']);
});

test('several remotes: what one has goes to the other by way of here', async () => {
  const { a, b, hub, commit } = studio();
  hub.git('clone', '-q', '--bare', '.', '../second.git');
  for (const clone of [a, b]) clone.git('remote', 'add', 'second', '../second.git');
  await addNoteLines(await b.open(), [{ commit, line: 'b1' }]);
  await exchange(b, 'second');
  await addNoteLines(await a.open(), [{ commit, line: 'a1' }]);
  await exchange(a, 'origin');
  await exchange(a, 'second');
  await exchange(a, 'origin');
  const second = repositoryAt(join(dirname(hub.path), 'second.git'));
  for (const place of [hub, second]) {
    expect((await readNotes(await place.open())).get(commit)?.sort()).toEqual(['a1', 'b1']);
  }
});

test('three syncs of one clone at once', async () => {
  const { a, commit, hub } = studio();
  await addNoteLines(await a.open(), [{ commit, line: 'a1' }]);
  const ended = await Promise.all([1, 2, 3].map(() => runProgram(a.path, ['sync'])));
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, '']));
  expect((await readNotes(await hub.open())).get(commit)).toEqual(['a1']);
});
