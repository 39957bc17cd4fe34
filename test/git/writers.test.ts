import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readNotes } from '../../src/git/notes.js';
import { listStore } from '../../src/git/store.js';
import { makeRepository } from '../support/git.js';
import { bundleScript } from '../support/script.js';

const run = promisify(execFile);

const writer = `
import { addNoteLines } from './src/git/notes.ts';
import { putStore } from './src/git/store.ts';
import { openRepository } from './src/git/repository.ts';
const [name, commit] = process.argv.slice(2);
const repository = await openRepository(process.cwd());
for (let index = 0; index < 5; index++) {
  const line = name + index;
  await putStore(repository, [{ path: 'snapshots/' + line + '.json', bytes: line }]);
  await addNoteLines(repository, [{ commit, line }]);
}
`;

test('eight writers adding records to one commit at once lose none', async () => {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  const script = await bundleScript(writer);
  const names = [...'abcdefgh'];
  await Promise.all(names.map((name) => run(process.execPath, [script, name, commit], { cwd: made.path })));
  const expected = names.flatMap((name) => [0, 1, 2, 3, 4].map((index) => `${name}${index}`));
  const repository = await made.open();
  expect((await readNotes(repository)).get(commit)?.sort()).toEqual(expected);
  expect(await listStore(repository, 'snapshots')).toEqual(expected.map((line) => `snapshots/${line}.json`));
});
