import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { addNoteLines, notesRef, readNotes } from '../../src/git/notes.js';
import { deinit } from '../../src/setup/deinit.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository } from '../support/git.js';

const setUp = (made: TestRepository, pushLineage: boolean) =>
  init(captured(made.path, { program }).context, { track: ['flows/**'], nested: false, pushLineage, dryRun: false });

/** A repository that is set up, with a line of lineage, and its remote. */
async function studio(pushLineage: boolean) {
  const made = makeRepository();
  const commit = made.commit({ a: 'a' });
  made.git('clone', '-q', '--bare', '.', '../hub.git');
  made.git('remote', 'add', 'origin', '../hub.git');
  await setUp(made, pushLineage);
  await addNoteLines(await made.open(), [{ commit, line: 'a1' }]);
  made.git('commit', '-q', '--allow-empty', '--no-verify', '-m', 'more');
  return { made, commit, hub: repositoryAt(join(dirname(made.path), 'hub.git')) };
}

function push(made: TestRepository, ...words: string[]) {
  const done = spawnSync('git', ['push', ...words], { cwd: made.path, encoding: 'utf8' });
  return { code: done.status, text: done.stdout + done.stderr };
}

const linesOf = async (hub: TestRepository) => [...(await readNotes(await hub.open())).values()].flat();

test('a push sends no lineage unless somebody has asked for it', async () => {
  const { made, hub } = await studio(false);
  expect(existsSync(join(made.path, '.git/hooks/pre-push'))).toBe(false);
  expect(push(made, 'origin', 'main').code).toBe(0);
  expect(await linesOf(hub)).toEqual([]);
});

test('init --push-lineage: lineage goes along, both ways, with one line about it', async () => {
  const { made, hub, commit } = await studio(true);
  await addNoteLines(await hub.open(), [{ commit, line: 'theirs' }]);
  const { code, text } = push(made, 'origin', 'main');
  expect([code, text]).toEqual([0, expect.stringContaining('git comfy: records: 1 sent to, 1 came from origin\n')]);
  expect((await linesOf(hub)).sort()).toEqual(['a1', 'theirs']);
  expect((await linesOf(made)).sort()).toEqual(['a1', 'theirs']);
  expect(push(made, 'origin', 'main').text).not.toContain('git comfy');
  expect((await setUp(made, true)).steps).toEqual([]);
  expect((await setUp(made, false)).steps).toEqual([]);
});

test('lineage that the remote refuses stops no push', async () => {
  const { made, hub } = await studio(true);
  hub.write('hooks/update', '#!/bin/sh\ncase "$1" in refs/heads/*) exit 0 ;; *) exit 1 ;; esac\n');
  chmodSync(join(hub.path, 'hooks/update'), 0o755);
  const { code, text } = push(made, 'origin', 'main');
  expect([code, text]).toEqual([0, expect.stringContaining('git comfy: origin refuses refs/notes/comfy')]);
  expect(hub.git('log', '-1', '--format=%s', 'main')).toBe('more');
});

test('a push to an address that is no remote takes none along', async () => {
  const { made, hub } = await studio(true);
  expect(push(made, '../hub.git', 'main').code).toBe(0);
  expect(await linesOf(hub)).toEqual([]);
});

test('a pre-push hook of others stays, and gets what git tells it', async () => {
  const { made } = await studio(false);
  const foreign = '#!/bin/sh\nread local rest\necho "$1 $local" > pushed\n';
  made.write('.git/hooks/pre-push', foreign);
  chmodSync(join(made.path, '.git/hooks/pre-push'), 0o755);
  await setUp(made, true);
  expect(push(made, 'origin', 'main').code).toBe(0);
  expect(made.read('pushed')).toBe('origin refs/heads/main\n');
  await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(made.read('.git/hooks/pre-push')).toBe(foreign);
});

test.each(['--dry-run', '-n', '-fn'])('git push %s sends nothing', async (flag) => {
  const { made, hub } = await studio(true);
  expect(push(made, flag, 'origin', 'main').code).toBe(0);
  expect(await linesOf(hub)).toEqual([]);
});

test('switched off in the configuration it stays quiet; deinit takes it out', async () => {
  const { made, hub } = await studio(true);
  made.git('config', 'comfy.pushLineage', 'false');
  expect(push(made, 'origin', 'main').code).toBe(0);
  expect(await linesOf(hub)).toEqual([]);
  await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(existsSync(join(made.path, '.git/hooks/pre-push'))).toBe(false);
  expect(made.git('config', '--list')).not.toMatch(/^comfy\.pushlineage/m);
  expect(made.git('rev-parse', '--verify', notesRef)).toMatch(/^[0-9a-f]+$/);
});
