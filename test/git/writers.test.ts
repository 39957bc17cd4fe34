import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { takeTurn } from '../../src/files/turn.js';
import { readNotes } from '../../src/git/notes.js';
import { comfyPath } from '../../src/git/repository.js';
import { listStore, putStore } from '../../src/git/store.js';
import { makeRepository, temporaryFolder } from '../support/git.js';
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

test('a writer lets one that is at it go first, and writes all the same where that one does not end', async () => {
  const repository = await makeRepository().open();
  const folder = comfyPath(repository, 'cache', 'writing-refs-comfy-store');
  const turn = await takeTurn(folder);
  const done: string[] = [];
  const writing = putStore(repository, [{ path: 'states/aa/1.json', bytes: 'one' }]).then(() => done.push('written'));
  // Longer than it takes to write.
  for (let look = 0; look < 20; look++) await listStore(repository, '');
  done.push('ended');
  await turn?.end();
  await writing;
  expect(done).toEqual(['ended', 'written']);
  await takeTurn(folder);
  await putStore(repository, [{ path: 'states/bb/2.json', bytes: 'two' }]);
  expect(await listStore(repository, '')).toEqual(['states/aa/1.json', 'states/bb/2.json']);
});

test('of a writer that is killed while it hands its files over nothing is kept', async () => {
  const made = makeRepository();
  const repository = await made.open();
  await putStore(repository, [{ path: 'states/aa/1.json', bytes: 'one' }]);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const folder = temporaryFolder();
  // Header and first file come through: five lines of the commit itself, three of the file.
  const script = `#!/bin/sh\ncase " $* " in *" fast-import "*) head -n 8 | '${real}' "$@" ;; *) exec '${real}' "$@" ;; esac\n`;
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  const two = ['states/bb/2.json', 'states/cc/3.json'].map((path) => ({ path, bytes: 'line' }));
  await expect(putStore(repository, two)).rejects.toMatchObject({ code: 'git-failed' });
  vi.unstubAllEnvs();
  expect(await listStore(repository, '')).toEqual(['states/aa/1.json']);
});
