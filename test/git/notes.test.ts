import { expect, test } from 'vitest';
import { addNoteLines, notesRef, readNote, readNotes } from '../../src/git/notes.js';
import { makeRepository } from '../support/git.js';

test('lines are added to what is there, each once', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  await addNoteLines(repository, [{ commit, line: 'one' }]);
  await addNoteLines(repository, [
    { commit, line: 'two' },
    { commit, line: 'one' },
  ]);
  expect(await readNote(repository, commit)).toEqual(['one', 'two']);
  expect(made.git('notes', '--ref', notesRef, 'show', commit)).toBe('one\ntwo');
});

test('adding what is there makes no commit', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  await addNoteLines(repository, [{ commit, line: 'one' }]);
  const tip = made.git('rev-parse', notesRef);
  await addNoteLines(repository, [{ commit, line: 'one' }]);
  expect(made.git('rev-parse', notesRef)).toBe(tip);
});

test('notes that git fanned out are read, and joined without a second entry', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const ids = Array.from({ length: 300 }, (_, index) => index.toString(16).padStart(4, '0').padEnd(40, 'ab'));
  const repository = await made.open();
  for (const id of [...ids.slice(0, 2), commit])
    made.git('notes', '--ref', notesRef, 'add', '-m', `by git ${id}`, commit, '-f');
  await addNoteLines(
    repository,
    [...ids, commit].map((id) => ({ commit: id, line: `by us ${id}` })),
  );
  // git rewrites the tree with its own fan-out.
  made.git('notes', '--ref', notesRef, 'append', '-m', 'by git again', commit);
  await addNoteLines(repository, [{ commit, line: 'by us again' }]);
  expect(await readNote(repository, commit)).toEqual([
    `by git ${commit}`,
    `by us ${commit}`,
    'by git again',
    'by us again',
  ]);
  expect((await readNotes(repository)).size).toBe(301);
  const listed = made.git('notes', '--ref', notesRef, 'list').split('\n');
  expect(listed).toHaveLength(301);
});

test.each([0, 2, 3])('a note spelled with %d folders is united with ours', async (depth) => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const repository = await made.open();
  const blob = made.git('rev-parse', 'HEAD:a');
  const folders = Array.from({ length: depth }, (_, index) => commit.slice(index * 2, index * 2 + 2));
  made.git('read-tree', '--empty');
  made.git('update-index', '--add', '--cacheinfo', `100644,${blob},${[...folders, commit.slice(depth * 2)].join('/')}`);
  made.git('update-ref', notesRef, made.git('commit-tree', '-m', 'fanned', made.git('write-tree')));
  await addNoteLines(repository, [{ commit, line: 'b' }]);
  expect(await readNotes(repository)).toEqual(new Map([[commit, ['a', 'b']]]));
  expect(made.git('ls-tree', '-r', '--name-only', notesRef)).toBe(`${commit.slice(0, 2)}/${commit.slice(2)}`);
});

test.each([[], ['--bare'], ['--object-format=sha256']])('works before the first commit: init %s', async (...args) => {
  const made = makeRepository(...args);
  const repository = await made.open();
  expect(await readNotes(repository)).toEqual(new Map());
  const commit = '1'.repeat(args[0]?.includes('256') === true ? 64 : 40);
  await addNoteLines(repository, [{ commit, line: 'one' }]);
  expect(await readNotes(repository)).toEqual(new Map([[commit, ['one']]]));
});
