import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitWorkflows } from '../../src/capture/commit.js';
import { isNormalForm } from '../../src/workflow/clean.js';
import { type ComfyProject, checkpoint, lora, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { repositoryAt, temporaryFolder } from '../support/git.js';

/** No server is there: a port that nobody listens at. */
const env = { ...process.env, GIT_COMFY_SERVER: 'http://127.0.0.1:9' };

const commit = async (project: ComfyProject, ...words: string[]) => commitIn(project, project.path, words);

const commitIn = async (project: ComfyProject, cwd: string, words: readonly string[], talk = quiet) =>
  commitWorkflows(await project.open(), {
    cwd,
    env,
    words: ['-q', ...words],
    talk,
    signal,
    lend: (use) => use(),
    stdout: 'stderr',
  });

function project(): ComfyProject {
  const made = makeProject();
  made.put('models/checkpoints/dream.safetensors', 'weights');
  made.put('models/loras/ink.safetensors', 'ink');
  made.write('portrait.json', promptOf(checkpoint('dream.safetensors')));
  return made;
}

const lockOf = (made: ComfyProject, revision = 'HEAD') => made.git('show', `${revision}:comfy.lock`);

test('a staged workflow is committed with the lock that it needs', async () => {
  const made = project();
  made.git('add', '.');
  const { exit, locked, commit: id } = await commit(made, '-m', 'first');
  expect(exit).toBe(0);
  expect(id).toBe(made.git('rev-parse', 'HEAD'));
  expect(locked.map(({ key }) => key)).toContain('checkpoints/dream.safetensors');
  expect(lockOf(made)).toContain('checkpoints/dream.safetensors');
  expect(made.git('status', '--porcelain')).toBe('');
});

test('-a takes changed files, and the lock with them', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('portrait.json', promptOf(lora('ink.safetensors')));
  await commit(made, '-am', 'second');
  expect(lockOf(made)).toContain('loras/ink.safetensors');
  expect(lockOf(made)).not.toContain('dream');
  expect(made.git('status', '--porcelain')).toBe('');
});

test('-a takes in what a merge left undecided as it stands in the work tree, and leaves out what was deleted', async () => {
  const made = project();
  made.write('gone.json', promptOf(lora('ink.safetensors')));
  made.git('add', '.');
  await commit(made, '-m', 'first');
  const change = (name: string) => {
    made.write('portrait.json', promptOf(checkpoint(name)));
    made.git('commit', '-qam', name);
  };
  made.git('switch', '-q', '-c', 'side');
  change('theirs.safetensors');
  made.git('switch', '-q', 'main');
  change('ours.safetensors');
  expect(() => made.git('merge', 'side')).toThrow();
  made.write('portrait.json', promptOf(checkpoint('both.safetensors')));
  rmSync(join(made.path, 'gone.json'));
  expect((await commit(made, '-am', 'merge')).exit).toBe(0);
  expect(lockOf(made)).toMatch(/^ {2}checkpoints\/both.safetensors:$/m);
  expect(lockOf(made)).not.toMatch(/ink|ours|theirs/);
  expect(made.git('status', '--porcelain')).toBe('');
});

test('of a partly staged workflow only what is staged is locked', async () => {
  const made = project();
  made.git('add', '.');
  made.write('portrait.json', promptOf(lora('ink.safetensors')));
  await commit(made, '-m', 'first');
  expect(lockOf(made)).toContain('dream');
  expect(lockOf(made)).not.toContain('ink');
  expect(made.git('status', '--porcelain')).toBe(' M portrait.json');
});

test('lines of the lock that are not staged are not swept in, and stay', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('comfy.lock', made.read('comfy.lock').replace('size: 7', 'size: 7\n    license: mine'));
  made.write('second.json', promptOf(lora('ink.safetensors')));
  made.git('add', 'second.json');
  await commit(made, '-m', 'second');
  expect(lockOf(made)).toContain('ink');
  expect(lockOf(made)).not.toContain('license');
  expect(made.read('comfy.lock')).toContain('license: mine');
  expect(made.read('comfy.lock')).toContain('ink');
  expect(made.git('status', '--porcelain')).toBe(' M comfy.lock');
});

test('a commit of one file takes that file and its lock, and leaves what else is staged', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('sub folder/one.json', promptOf(checkpoint('dream.safetensors'), lora('ink.safetensors')));
  made.write('two.json', promptOf(checkpoint('other.safetensors')));
  made.git('add', '.');
  const { exit } = await commitIn(made, join(made.path, 'sub folder'), ['-m', 'one', 'one.json']);
  expect(exit).toBe(0);
  expect(made.git('show', '--name-only', '--format=', 'HEAD').split('\n').sort()).toEqual([
    'comfy.lock',
    'sub folder/one.json',
  ]);
  expect(lockOf(made)).toContain('ink');
  expect(lockOf(made)).not.toContain('other');
  expect(made.git('status', '--porcelain')).toBe('A  two.json');
});

test('a lock that is staged beside a commit of one file stays staged', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('comfy.lock', made.read('comfy.lock').replace('size: 7', 'size: 7\n    license: mine'));
  made.write('one.json', promptOf(lora('ink.safetensors')));
  made.git('add', '.');
  expect((await commit(made, '-m', 'one', 'one.json')).exit).toBe(0);
  expect(lockOf(made)).toContain('ink');
  expect(lockOf(made)).not.toContain('license');
  expect(lockOf(made, '')).toContain('license: mine');
  expect(made.read('comfy.lock')).toContain('license: mine');
});

test('-i takes the index and the file', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('portrait.json', promptOf(lora('ink.safetensors')));
  made.write('two.json', promptOf(checkpoint('other.safetensors')));
  made.git('add', 'two.json');
  await commit(made, '-m', 'both', '-i', 'portrait.json');
  expect(lockOf(made)).toContain('ink');
  expect(lockOf(made)).toContain('other');
  expect(made.git('status', '--porcelain')).toBe('');
});

test('a replaced model is told of and its entry stays', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  const before = lockOf(made);
  made.put('models/checkpoints/dream.safetensors', 'WEIGHTS');
  made.write('notes.txt', 'x');
  made.git('add', '.');
  const { drift } = await commit(made, '-m', 'second');
  expect(drift.map(({ code }) => code)).toEqual(['model-changed']);
  expect(lockOf(made)).toBe(before);
});

test("git's own refusal comes back with its code, and nothing has changed", async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('second.json', promptOf(lora('ink.safetensors')));
  made.git('add', 'second.json');
  const before = made.git('status', '--porcelain');
  made.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 7\n');
  chmodSync(join(made.path, '.git/hooks/pre-commit'), 0o755);
  expect((await commit(made, '-m', 'second')).exit).toBe(1);
  expect(made.git('status', '--porcelain')).toBe(before);
  expect(made.read('comfy.lock')).toBe(`${lockOf(made)}\n`);
});

test('a refused first commit leaves no lock behind', async () => {
  const made = project();
  made.git('add', '.');
  const before = made.git('status', '--porcelain');
  made.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 7\n');
  chmodSync(join(made.path, '.git/hooks/pre-commit'), 0o755);
  expect((await commit(made, '-m', 'first')).exit).toBe(1);
  expect(made.git('status', '--porcelain')).toBe(before);
  made.write('.git/hooks/pre-commit', '#!/bin/sh\necho "# mine" >> comfy.lock\nexit 7\n');
  expect((await commit(made, '-m', 'first')).exit).toBe(1);
  expect(made.read('comfy.lock')).toContain('# mine');
});

test('nothing to commit is nothing to commit', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  expect((await commit(made, '-m', 'second')).exit).toBe(1);
  expect(made.git('rev-list', '--count', 'HEAD')).toBe('1');
});

test('a workflow that was staged raw is committed in normal form', async () => {
  const made = project();
  const nodes = [{ id: 1, type: 'Note', pos: [1, 2], size: [3, 4], widgets_values: ['hello'] }];
  made.write('raw.json', JSON.stringify({ last_node_id: 1, last_link_id: 0, nodes, links: [], version: 0.4 }));
  made.git('add', '.');
  await commit(made, '-m', 'first');
  const stored = made.git('show', 'HEAD:raw.json');
  expect(stored).not.toContain('pos');
  expect(isNormalForm(Buffer.from(`${stored}\n`))).toBe(true);
});

test('--auto says what changed', async () => {
  const made = project();
  made.write('w.json', promptOf(['KSampler', { steps: 20, cfg: 7 }]));
  made.git('add', '.');
  await commit(made, '--auto');
  made.write('w.json', promptOf(['KSampler', { steps: 30, cfg: 7 }]));
  await commit(made, '--auto', '-a');
  expect(made.git('log', '-1', '--format=%s')).toBe('w: KSampler #1: steps 20 -> 30');
});

test('--auto names what was moved or removed, of workflows only', async () => {
  const made = project();
  // On lines, by which git tells what was renamed.
  const prompt = (steps: number) =>
    JSON.stringify(JSON.parse(promptOf(['KSampler', { steps, cfg: 7 }], checkpoint('a.safetensors'))), null, 1);
  made.write('w.json', prompt(20));
  made.write('gone.json', promptOf(lora('ink.safetensors')));
  made.write('.gitattributes', '*.json -text filter=comfy diff=comfy merge=comfy\npackage.json -filter\n');
  made.write('package.json', '{"name": "x"}');
  made.git('add', '.');
  await commit(made, '--auto');
  made.git('mv', 'w.json', 'v.json');
  await commit(made, '--auto');
  expect(made.git('log', '-1', '--format=%s')).toBe('v: renamed from w.json');
  made.git('mv', 'v.json', 'u.json');
  made.write('u.json', prompt(30));
  made.git('add', 'u.json');
  made.git('rm', '-q', 'gone.json', 'package.json');
  await commit(made, '--auto');
  expect(made.git('log', '-1', '--format=%B')).toBe(
    [
      'Change 2 workflows: u, gone',
      '',
      'u.json:',
      '  renamed from v.json',
      '  KSampler #1: steps 20 -> 30',
      'gone.json:',
      '  removed\n',
    ].join('\n'),
  );
});

test('without a message the editor opens with what changed, as comments', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  made.write('portrait.json', promptOf(checkpoint('other.safetensors')));
  const seen = join(temporaryFolder(), 'seen');
  made.write('.git/editor.sh', `#!/bin/sh\ncp "$1" '${seen}'\necho 'mine' > "$1"\n`);
  chmodSync(join(made.path, '.git/editor.sh'), 0o755);
  made.git('config', 'core.editor', join(made.path, '.git/editor.sh'));
  expect((await commit(made, '-a')).exit).toBe(0);
  expect(made.git('log', '-1', '--format=%B')).toBe('mine\n');
  expect(readFileSync(seen, 'utf8')).toContain('# portrait.json:\n#   CheckpointLoaderSimple #1: ckpt_name');
});

test('a lock that cannot be read stops the commit before anything happens', async () => {
  const made = project();
  made.write('comfy.lock', 'lockfileVersion: 2\n');
  made.git('add', '.');
  await expect(commit(made, '-m', 'first')).rejects.toMatchObject({ code: 'lock-newer' });
  expect(() => made.git('rev-parse', '--verify', '--quiet', 'HEAD')).toThrow();
});

test('a lock in conflict stops the commit: nobody has decided, and what is installed decides nothing', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  const license = (name: string) => {
    made.write(
      'comfy.lock',
      made.read('comfy.lock').replace(/size: 7\n(?: {4}license: .*\n)?/, `size: 7\n    license: ${name}\n`),
    );
    made.git('commit', '-qam', name);
  };
  made.git('switch', '-q', '-c', 'side');
  license('theirs');
  made.git('switch', '-q', 'main');
  license('ours');
  expect(() => made.git('merge', 'side')).toThrow();
  const before = made.git('ls-files', '-s');
  await expect(commit(made, '-m', 'merge')).rejects.toMatchObject({ code: 'lock-unmerged' });
  expect(made.git('ls-files', '-s')).toBe(before);
  made.git('checkout', '-q', '--theirs', 'comfy.lock');
  made.git('add', 'comfy.lock');
  expect((await commit(made, '-m', 'merge')).exit).toBe(0);
  expect(lockOf(made)).toContain('license: theirs');
});

test('in a linked work tree too', async () => {
  const made = project();
  made.git('add', '.');
  await commit(made, '-m', 'first');
  const linked = join(temporaryFolder(), 'linked tree');
  made.git('worktree', 'add', '--quiet', '-b', 'side', linked);
  const other = { ...made, ...repositoryAt(linked) };
  other.write('portrait.json', promptOf(lora('ink.safetensors')));
  expect((await commit(other, '-am', 'side')).exit).toBe(0);
  expect(other.git('show', 'side:comfy.lock')).toContain('ink');
  expect(made.git('status', '--porcelain')).toBe('');
});
