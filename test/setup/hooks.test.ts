import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listStore } from '../../src/git/store.js';
import { deinit } from '../../src/setup/deinit.js';
import { init } from '../../src/setup/init.js';
import { program, runProgram } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const setUp = (made: TestRepository) =>
  init(captured(made.path, { program }).context, { track: ['flows/**/*.json'], nested: false, dryRun: false });

/** Runs git as a person does and returns what it said and how it ended. */
function attempt(made: TestRepository, args: string[], env: Record<string, string> = {}) {
  const done = spawnSync('git', args, { cwd: made.path, encoding: 'utf8', env: { ...process.env, ...env } });
  return { code: done.status, text: done.stdout + done.stderr };
}

/** Stages a blob past the filter, as a merge of somebody without the tool does. */
function stageRaw(made: TestRepository, path: string, text: string): void {
  made.write('.git/raw.json', text);
  const blob = made.git('hash-object', '-w', '--no-filters', '.git/raw.json');
  made.git('update-index', '--add', '--cacheinfo', `100644,${blob},${path}`);
}

/** Writes and stages comfy.lock for what the index has. */
async function lock(made: TestRepository): Promise<void> {
  await runProgram(made.path, ['lock']);
  made.git('add', 'comfy.lock');
}

async function prepared(): Promise<TestRepository> {
  const made = makeRepository();
  await setUp(made);
  made.write('flows/a.json', smallWorkflow());
  made.git('add', '.');
  await lock(made);
  made.commit({ 'other.txt': '1' }, 'first');
  return made;
}

test('a staged workflow that is not in normal form is refused, with the command that mends it', async () => {
  const made = await prepared();
  made.write('flows/b c.json', smallWorkflow());
  stageRaw(made, 'flows/b c.json', smallWorkflow());
  const refused = attempt(made, ['commit', '-m', 'raw']);
  expect(refused.code).toBe(1);
  expect(refused.text).toContain('flows/b c.json is not in normal form');
  const [, mend = ''] = /mend it: (.*)/.exec(refused.text) ?? [];
  expect(mend).toBe("git add --renormalize -- 'flows/b c.json'");
  spawnSync('sh', ['-c', mend], { cwd: made.path });
  await lock(made);
  expect(attempt(made, ['commit', '-m', 'mended']).code).toBe(0);
});

test('a staged workflow that the staged lock does not cover is refused, with the command that mends it', async () => {
  const made = await prepared();
  made.write('flows/b.json', smallWorkflow().replace('dreamshaper_8', 'other'));
  made.git('add', 'flows/b.json');
  const refused = attempt(made, ['commit', '-m', 'not locked']);
  expect(refused.code).toBe(1);
  expect(refused.text).toContain('flows/b.json is not in comfy.lock\n  mend it: git comfy lock && git add comfy.lock');
  await lock(made);
  expect(attempt(made, ['commit', '-m', 'locked']).code).toBe(0);
});

test('what is not hashed yet is one short line, and stops nothing', async () => {
  const made = await prepared();
  made.write('flows/b.json', smallWorkflow().replace('dreamshaper_8', 'other'));
  made.git('add', 'flows/b.json');
  await lock(made);
  const done = attempt(made, ['commit', '-m', 'second']);
  expect(done.code).toBe(0);
  const warnings = done.text.split('\n').filter((line) => line.startsWith('git comfy:'));
  expect(warnings).toEqual(['git comfy: 2 files of comfy.lock are not hashed yet: git comfy lock']);
});

test('an input that nobody could look at stops no commit', async () => {
  const made = makeRepository();
  await setUp(made);
  const load = { id: 1, type: 'LoadImage', pos: [0, 0], size: [1, 1], widgets_values: ['pose.png', 'image'] };
  made.write(
    'flows/a.json',
    JSON.stringify({ last_node_id: 1, last_link_id: 0, nodes: [load], links: [], version: 0.4 }),
  );
  made.git('add', '.');
  expect((await runProgram(made.path, ['commit', '-m', 'pose'])).code).toBe(0);
  expect(made.git('show', 'HEAD:comfy.lock')).toContain('pose.png:\n    digest: unhashed');
});

test('--no-verify lets it pass', async () => {
  const made = await prepared();
  stageRaw(made, 'flows/b.json', smallWorkflow());
  expect(attempt(made, ['commit', '--no-verify', '-m', 'raw']).code).toBe(0);
});

test('partial staging: what is staged is looked at, not the file', async () => {
  const made = await prepared();
  made.write('flows/a.json', smallWorkflow({ steps: 30 }));
  made.git('add', 'flows/a.json');
  made.write('flows/a.json', '{"nodes": broken');
  expect(attempt(made, ['commit', '-m', 'staged part']).code).toBe(0);
  expect(made.git('show', 'HEAD:flows/a.json')).toContain('30');
  expect(made.read('flows/a.json')).toBe('{"nodes": broken');
});

test('commit -a: the index of that commit is looked at', async () => {
  const made = await prepared();
  made.git('config', '--unset', 'filter.comfy.process');
  made.git('config', 'filter.comfy.clean', 'cat');
  made.write('flows/a.json', smallWorkflow({ steps: 31 }));
  const refused = attempt(made, ['commit', '-a', '-m', 'all']);
  expect(refused.code).toBe(1);
  expect(refused.text).toContain('flows/a.json');
});

test('commit with paths: only what goes into that commit is looked at', async () => {
  const made = await prepared();
  stageRaw(made, 'flows/b.json', smallWorkflow());
  made.write('other.txt', '2');
  expect(attempt(made, ['commit', '-m', 'only other', '--', 'other.txt']).code).toBe(0);
  expect(attempt(made, ['commit', '-m', 'the rest']).code).toBe(1);
});

test('the first commit of a repository is looked at too', async () => {
  const made = makeRepository();
  await setUp(made);
  made.git('add', '.gitattributes');
  stageRaw(made, 'flows/b.json', smallWorkflow());
  expect(attempt(made, ['commit', '-m', 'first']).code).toBe(1);
});

test('a merge that brings a raw workflow is refused', async () => {
  const made = await prepared();
  made.git('switch', '-q', '-c', 'side');
  stageRaw(made, 'flows/b.json', smallWorkflow());
  made.git('commit', '-q', '--no-verify', '-m', 'raw');
  made.git('switch', '-q', '--force', 'main');
  made.commit({ 'other.txt': '3' });
  const refused = attempt(made, ['merge', '--no-edit', 'side']);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain('flows/b.json is not in normal form');
});

test('a repository of a newer git comfy is refused by name', async () => {
  const made = await prepared();
  made.write('comfy.yaml', 'normalForm: 2\n');
  made.git('add', 'comfy.yaml');
  const refused = attempt(made, ['commit', '-m', 'newer']);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain('normal form 2');
});

test('in a linked work tree, and in a sub-folder, the hook works', async () => {
  const made = await prepared();
  made.git('worktree', 'add', '-q', '-b', 'side', '../linked');
  const linked = { ...made, path: join(made.path, '../linked') };
  stageRaw(made, 'flows/b.json', smallWorkflow());
  const blob = made.git('rev-parse', ':flows/b.json');
  attempt(linked, ['update-index', '--add', '--cacheinfo', `100644,${blob},flows/b.json`]);
  expect(attempt(linked, ['commit', '-m', 'raw']).text).toContain('flows/b.json is not in normal form');
  expect(attempt({ ...made, path: join(made.path, 'flows') }, ['commit', '-m', 'raw']).code).toBe(1);
});

test('a client without node on PATH', async () => {
  const made = await prepared();
  stageRaw(made, 'flows/b.json', smallWorkflow());
  const refused = attempt(made, ['commit', '-m', 'raw'], { PATH: '/usr/bin:/bin' });
  expect(refused.text).toContain('flows/b.json is not in normal form');
  made.write('flows/b.json', smallWorkflow());
  expect(attempt(made, ['add', '--renormalize', '.'], { PATH: '/usr/bin:/bin' }).code).toBe(0);
});

test('where node is gone altogether, one line says what to do', async () => {
  const made = await prepared();
  const launcher = made.read('.git/comfy/run');
  made.write(
    '.git/comfy/run',
    launcher.replaceAll(program.node, '/gone/node').replace(/for place in .*; do/g, 'for place in /gone; do'),
  );
  const bin = temporaryFolder();
  for (const tool of ['git', 'sh'])
    symlinkSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim(), join(bin, tool));
  const failed = attempt(made, ['commit', '--allow-empty', '-m', 'x'], { PATH: bin });
  expect(failed.code).not.toBe(0);
  expect(failed.text).toContain('npm install -g git-comfy');
});

test('a checkout that changes workflows names those to reload in the browser, and only then speaks', async () => {
  const made = await prepared();
  made.git('switch', '-q', '-c', 'side');
  expect(attempt(made, ['switch', 'main']).text).not.toContain('reload');
  made.git('switch', '-q', 'side');
  made.commit({ 'flows/a.json': smallWorkflow({ steps: 40 }), 'other.txt': '2' });
  expect(attempt(made, ['switch', 'main']).text).toContain('reload before you save: flows/a.json\n');
  expect(attempt(made, ['merge', '--no-edit', 'side']).text).toContain('reload before you save: flows/a.json\n');
});

test('a commit folds the journal into the store', async () => {
  const made = await prepared();
  const repository = await made.open();
  expect(await listStore(repository, 'layouts')).toHaveLength(1);
  made.commit({ 'flows/a.json': smallWorkflow({ x: 500 }), 'other.txt': '9' });
  made.write('flows/a.json', smallWorkflow({ steps: 21 }));
  made.git('add', 'flows/a.json');
  made.git('commit', '-qm', 'steps');
  expect(await listStore(repository, 'layouts')).toHaveLength(2);
});

test('a foreign shell hook stays, and runs after ours', async () => {
  const made = makeRepository();
  const foreign = '#!/bin/sh\n\necho foreign >> ran\nexit 0\n';
  made.write('.git/hooks/pre-commit', foreign);
  chmodSync(join(made.path, '.git/hooks/pre-commit'), 0o755);
  await setUp(made);
  made.commit({ a: 'a' });
  expect(made.read('ran')).toBe('foreign\n');
  stageRaw(made, 'flows/b.json', smallWorkflow());
  expect(attempt(made, ['commit', '-m', 'raw']).code).toBe(1);
  await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(made.read('.git/hooks/pre-commit')).toBe(foreign);
});

test.each<[string, (made: TestRepository, path: string) => void]>([
  ['of another language', (made) => made.write('.git/hooks/pre-commit', '#!/usr/bin/env python3\nprint(1)\n')],
  ['that is a link', (_, path) => symlinkSync('/usr/bin/true', path)],
])('a foreign hook %s stays, and init says what to paste', async (_, make) => {
  const made = makeRepository();
  const path = join(made.path, '.git/hooks/pre-commit');
  make(made, path);
  if (!lstatSync(path).isSymbolicLink()) chmodSync(path, 0o755);
  const before = lstatSync(path);
  const { remarks } = await setUp(made);
  expect(remarks).toEqual([expect.stringContaining('hook pre-commit "$@"')]);
  expect(lstatSync(path).ino).toBe(before.ino);
});

test('a hook that somebody switched off stays off', async () => {
  const made = makeRepository();
  made.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n');
  chmodSync(join(made.path, '.git/hooks/pre-commit'), 0o644);
  const { remarks } = await setUp(made);
  expect(remarks).toEqual([expect.stringContaining('hook pre-commit "$@"')]);
  expect(made.read('.git/hooks/pre-commit')).toBe('#!/bin/sh\nexit 1\n');
});

test('our own older text is renewed', async () => {
  const made = makeRepository();
  await setUp(made);
  const now = made.read('.git/hooks/post-merge');
  made.write('.git/hooks/post-merge', now.replace(/^comfy=.*$/m, 'comfy=old'));
  expect((await setUp(made)).steps).toEqual(['renew the hook post-merge']);
  expect(made.read('.git/hooks/post-merge')).toBe(now);
});

test.each(['.githooks', '.husky/_'])('core.hooksPath inside the work tree is respected: %s', async (folder) => {
  const made = makeRepository();
  made.git('config', 'core.hooksPath', folder);
  await setUp(made);
  const own = folder === '.husky/_' ? '.husky' : folder;
  expect(existsSync(join(made.path, own, 'pre-commit'))).toBe(true);
  expect(existsSync(join(made.path, '.git/hooks/pre-commit'))).toBe(false);
  await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(existsSync(join(made.path, own))).toBe(false);
});

test('hooks of all repositories (core.hooksPath with ~) are not changed: init says what to paste', async () => {
  const made = makeRepository();
  made.git('config', 'core.hooksPath', '~/hooks');
  const { remarks } = await setUp(made);
  expect(remarks).toHaveLength(5);
  expect(remarks[0]).toContain(`${process.env['HOME']}/hooks/pre-commit is not ours to change`);
  expect(existsSync(join(process.env['HOME'] ?? '', 'hooks'))).toBe(false);
});
