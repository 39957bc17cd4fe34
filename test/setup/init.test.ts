import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { deinit } from '../../src/setup/deinit.js';
import { doctor } from '../../src/setup/doctor.js';
import { type InitOptions, init } from '../../src/setup/init.js';
import { sync } from '../../src/sharing/sync.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const options: InitOptions = { track: [], nested: false, dryRun: false };
const tools = (cwd: string, confirm = false) => {
  const { context } = captured(cwd, { program });
  return { ...context, talk: { ...context.talk, confirm: async () => confirm } };
};
const setUp = (made: TestRepository, more: Partial<InitOptions> = {}) =>
  init(tools(made.path), { ...options, ...more });

/** Every file below a folder with its content and mode; git's own data left out. */
function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^\.git\/(?:objects|logs|index$|comfy\/journal|refs|COMMIT_EDITMSG)/.test(name),
  );
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [
      name,
      `${statSync(join(folder, name)).mode.toString(8)} ${readFileSync(join(folder, name), 'latin1')}`,
    ]),
  );
}

test('twice is once', async () => {
  const made = makeRepository();
  made.write('flows/a.json', smallWorkflow());
  const first = await setUp(made);
  expect(first.patterns).toEqual(['flows/**/*.json']);
  const before = snapshot(made.path);
  const second = await setUp(made);
  expect(second.steps).toEqual([]);
  expect(snapshot(made.path)).toEqual(before);
});

test('--dry-run says what would be done, and does nothing', async () => {
  const made = makeRepository();
  const before = snapshot(made.path);
  const result = await setUp(made, { dryRun: true, ci: 'github' });
  expect(result.steps).toContain('write comfy.yaml');
  expect(snapshot(made.path)).toEqual(before);
});

test('only folders that hold workflows are tracked; other JSON is left alone', async () => {
  const made = makeRepository();
  made.write('package.json', '{"nodes": [], "type": "module"}');
  made.write('data/graph.json', '{"nodes": [{"id": 1}], "edges": [], "type": "other"}');
  made.write('api/prompt.json', '{"3": {"class_type": "KSampler", "inputs": {}}}');
  made.write('flows/deep/a b.json', smallWorkflow());
  made.write('top.json', smallWorkflow());
  made.write('ignored/x.json', smallWorkflow());
  made.write('.gitignore', 'ignored/\n');
  expect((await setUp(made)).patterns).toEqual(['flows/deep/**/*.json', '/top.json']);
});

test('before there is any workflow, workflows/ is tracked; more comes with --track', async () => {
  const made = makeRepository();
  expect(await setUp(made)).toMatchObject({
    patterns: ['workflows/**/*.json'],
    remarks: [expect.stringContaining('--track')],
  });
  expect((await setUp(made, { track: ['a b/*.json'] })).patterns).toEqual(['workflows/**/*.json', 'a b/*.json']);
  made.write('other/x.json', smallWorkflow());
  const third = await setUp(made);
  expect(third.patterns).toEqual(['workflows/**/*.json', 'a b/*.json']);
  expect(third.remarks).toEqual(["1 workflow is not tracked (other/x.json): git comfy init --track 'other/**/*.json'"]);
});

test('files of another filter are refused, and nothing is changed', async () => {
  const made = makeRepository();
  made.write('flows/a.json', smallWorkflow());
  made.write('.gitattributes', '*.json filter=lfs diff=lfs merge=lfs -text\n');
  const before = snapshot(made.path);
  await expect(setUp(made)).rejects.toMatchObject({
    code: 'other-filter',
    message: expect.stringContaining('flows/a.json'),
  });
  expect(snapshot(made.path)).toEqual(before);
});

test('a newer comfy.yaml is refused by name, and nothing is changed', async () => {
  const made = makeRepository();
  made.write('comfy.yaml', 'normalForm: 2\n');
  const before = snapshot(made.path);
  await expect(setUp(made)).rejects.toMatchObject({ code: 'settings-newer' });
  expect(snapshot(made.path)).toEqual(before);
});

test('amending carries lineage over, and says nothing while there is none', async () => {
  const made = makeRepository();
  await setUp(made);
  made.commit({ 'readme.txt': '1' });
  const amend = () =>
    spawnSync('git', ['commit', '--amend', '-qm', 'again'], { cwd: made.path, encoding: 'utf8' }).stderr;
  expect(amend()).toBe('');
  made.git('notes', '--ref=comfy', 'add', '-m', 'a line');
  expect(amend()).toBe('');
  expect(made.git('notes', '--ref=comfy', 'show')).toBe('a line');
});

test('deinit gives tree and configuration back byte for byte', async () => {
  const made = makeRepository();
  made.git('remote', 'add', 'origin', '../elsewhere');
  made.git('config', 'notes.rewriteRef', 'refs/notes/commits');
  made.git('config', 'comfy.server', 'http://127.0.0.1:8188');
  made.write('.gitattributes', '*.png binary');
  made.write('.git/hooks/pre-commit', '#!/bin/bash\necho foreign\nexit 0\n');
  chmodSync(join(made.path, '.git/hooks/pre-commit'), 0o750);
  made.commit({ 'flows/a.json': smallWorkflow() });
  const before = snapshot(made.path);
  await setUp(made, { ci: 'github' });
  expect(made.git('check-attr', 'filter', '--', 'flows/a.json')).toContain('comfy');
  expect(made.read('.git/config')).toContain('refs/notes/remotes/origin/comfy');
  made.git('commit', '--allow-empty', '-qm', 'runs the hooks');
  const { remarks } = await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(remarks).toEqual([expect.stringContaining('keep the layout')]);
  expect(snapshot(made.path)).toEqual(before);
});

test('deinit keeps lineage, store and journal; with --purge it takes them too', async () => {
  const made = makeRepository();
  const commit = made.commit({ 'flows/a.json': smallWorkflow() });
  await setUp(made);
  made.git('notes', '--ref', 'comfy', 'add', '-m', 'line', commit);
  for (const ref of ['refs/comfy/store', 'refs/notes/remotes/origin/comfy']) made.git('update-ref', ref, 'HEAD');
  made.write('.git/comfy/journal/x', 'data');
  made.write('.git/comfy/cache/x', 'time');
  await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(readdirSync(join(made.path, '.git/comfy'))).toEqual(['journal']);
  expect(made.git('for-each-ref', 'refs/notes', 'refs/comfy').split('\n')).toHaveLength(3);
  await deinit(captured(made.path, { program }).context, { purge: true, dryRun: false });
  expect(existsSync(join(made.path, '.git/comfy'))).toBe(false);
  expect(made.git('for-each-ref', 'refs/notes', 'refs/comfy')).toBe('');
});

test('a file that people edited after init stays at deinit', async () => {
  const made = makeRepository();
  await setUp(made);
  made.write('comfy.yaml', 'normalForm: 1 # ours\n');
  const result = await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(result.remarks).toEqual(['comfy.yaml was edited and stays']);
  expect(made.read('comfy.yaml')).toBe('normalForm: 1 # ours\n');
});

test('a clone gets its layout when it is set up, and edited files are left alone', async () => {
  const author = makeRepository();
  author.write('flows/a.json', smallWorkflow({ x: 77 }));
  author.write('flows/b.json', smallWorkflow({ x: 88 }));
  await setUp(author);
  author.git('add', '.');
  author.git('commit', '-q', '--no-verify', '-m', 'workflows');
  author.git('clone', '-q', '.', '../clone');
  const clone = repositoryAt(join(dirname(author.path), 'clone'));
  expect(clone.read('flows/a.json')).not.toContain('"pos"');
  const edited = clone.read('flows/b.json').replace('20', '21');
  clone.write('flows/b.json', edited);
  const result = await setUp(clone);
  expect(result.steps).toContain('give 1 workflow its layout back');
  expect(clone.read('flows/a.json')).toContain('"pos"');
  expect(clone.read('flows/b.json')).toBe(edited);
  expect(clone.git('status', '--porcelain')).toBe(' M flows/b.json');
  expect((await setUp(clone)).steps).toEqual([]);
});

test('a clone of a remote that has the store gets the layout of its author', async () => {
  const author = makeRepository();
  author.write('flows/a.json', smallWorkflow({ x: 77 }));
  await setUp(author);
  author.git('add', '.');
  author.git('commit', '-q', '--no-verify', '-m', 'workflows');
  author.git('clone', '-q', '--bare', '.', '../hub.git');
  author.git('remote', 'add', 'origin', '../hub.git');
  await sync(captured(author.path).context, undefined);
  author.git('clone', '-q', '../hub.git', '../clone');
  const clone = repositoryAt(join(dirname(author.path), 'clone'));
  const result = await setUp(clone);
  expect(result.steps).toContain('fetch lineage and layouts of origin now');
  expect(clone.read('flows/a.json')).toMatch(/"pos": \[\s*77,/);
});

test('workflows that were committed raw are named, with the command that mends it', async () => {
  const made = makeRepository();
  made.commit({ 'flows/a.json': smallWorkflow() });
  const { remarks } = await setUp(made);
  expect(remarks).toEqual([expect.stringContaining('git comfy refresh --renormalize')]);
  made.git('add', '--renormalize', '.');
  made.git('add', '.gitattributes');
  made.git('commit', '-q', '--no-verify', '-m', 'Normalise workflows');
  expect((await setUp(made)).remarks).toEqual([]);
  expect(made.git('show', 'HEAD:flows/a.json')).not.toContain('"pos"');
});

test('a linked work tree is set up by its main one, and the other way round', async () => {
  const made = makeRepository();
  made.commit({ 'flows/a.json': smallWorkflow() });
  made.git('worktree', 'add', '-q', '-b', 'side', '../linked');
  const linked = repositoryAt(join(dirname(made.path), 'linked'));
  await setUp(linked);
  expect(existsSync(join(made.path, '.git/comfy/run'))).toBe(true);
  linked.git('add', '--renormalize', '.');
  linked.git('commit', '-qa', '--no-verify', '-m', 'in the linked one');
  expect(linked.git('show', 'HEAD:flows/a.json')).not.toContain('"pos"');
});

function comfyui(): string {
  const folder = join(temporaryFolder(), 'Comfy UI');
  mkdirSync(join(folder, 'user/default/workflows'), { recursive: true });
  const made = repositoryAt(folder);
  for (const file of ['main.py', 'folder_paths.py']) made.write(file, '');
  made.write('.gitignore', '/user/\n/custom_nodes/\n');
  made.write('user/default/workflows/a b.json', smallWorkflow());
  return folder;
}

test.each(['.', 'user/default/workflows'])(
  "ComfyUI's own clone ignores saved workflows: a nested repository is offered (%s)",
  async (from) => {
    const folder = comfyui();
    execFileSync('git', ['init', '-q'], { cwd: folder });
    const cwd = join(folder, from);
    await expect(init(tools(cwd), options)).rejects.toMatchObject({
      code: 'nested-needed',
      hint: expect.stringContaining('--nested'),
    });
    const dry = await init(tools(cwd), { ...options, nested: true, dryRun: true });
    expect(dry).toMatchObject({
      workflows: ['a b.json'],
      steps: [expect.stringContaining('of its own'), expect.anything()],
    });
    expect(readdirSync(join(folder, 'user/default/workflows'))).toEqual(['a b.json']);
    const result = await init(tools(cwd), { ...options, nested: true });
    const inner = repositoryAt(join(folder, 'user/default/workflows'));
    expect(result).toMatchObject({ top: inner.path, comfyui: folder, patterns: ['*.json'] });
    expect(inner.git('log', '--format=%s')).toBe('Keep workflows with git comfy');
    expect(inner.git('ls-files')).toBe('.gitattributes\na b.json\ncomfy.yaml');
    expect(inner.git('show', 'HEAD:a b.json')).not.toContain('"pos"');
    expect(inner.git('status', '--porcelain')).toBe('');
    // From now on it is found without being asked for, and ComfyUI's own clone is as it was.
    expect((await init(tools(cwd), options)).steps).toEqual([]);
    expect(await doctor(tools(cwd), false)).toMatchObject({ top: inner.path, ok: true });
    expect(await deinit(tools(cwd), { purge: false, dryRun: true })).toMatchObject({ top: inner.path });
    expect(repositoryAt(folder).git('status', '--porcelain', '--ignored=no')).not.toContain('user');
  },
);

test('in a ComfyUI that is in no repository, a yes on the terminal is enough', async () => {
  const folder = comfyui();
  const result = await init(tools(folder, true), options);
  expect(result.top).toBe(join(folder, 'user/default/workflows'));
  expect(repositoryAt(result.top).git('ls-files')).toContain('a b.json');
});

test('an init --nested that was stopped after it made the repository makes the first commit the next time', async () => {
  const folder = comfyui();
  const inner = repositoryAt(join(folder, 'user/default/workflows'));
  inner.git('init', '-q');
  await init(tools(folder), { ...options, nested: true });
  expect(inner.git('ls-files')).toBe('.gitattributes\na b.json\ncomfy.yaml');
  inner.write('b.json', smallWorkflow());
  await init(tools(folder), { ...options, nested: true });
  expect(inner.git('log', '--format=%s')).toBe('Keep workflows with git comfy');
});

test('outside of any repository, and in a bare one, there is an error with what to type', async () => {
  await expect(init(tools(temporaryFolder()), options)).rejects.toMatchObject({
    code: 'no-repository',
    hint: expect.stringContaining('git init'),
  });
  await expect(setUp(makeRepository('--bare'))).rejects.toMatchObject({ code: 'bare-repository' });
});

test('a repository that was moved works as before', async () => {
  const made = makeRepository();
  made.write('flows/a.json', smallWorkflow());
  await setUp(made);
  const moved = join(dirname(made.path), 'moved here');
  renameSync(made.path, moved);
  const there = repositoryAt(moved);
  there.git('add', '.');
  expect(there.git('show', ':flows/a.json')).not.toContain('"pos"');
});
