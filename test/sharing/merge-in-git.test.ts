// The merge driver under every git command that merges.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkedWorkTree } from '../support/filtered-repository.js';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { commitFiles, conflicts, diverge, itemLines, mergingRepository, tryGit } from '../support/merging.js';
import { smallWorkflow } from '../support/workflow.js';

const path = 'flows/my portrait.json';
const first = smallWorkflow();
const moreSteps = smallWorkflow({ steps: 30 });
const otherModel = first.replace('dreamshaper_8', 'other');

const nodesOf = (repository: TestRepository, file = path) =>
  JSON.parse(repository.read(file)).nodes as { id: number; pos: number[]; widgets_values: unknown[] }[];
const facts = (repository: TestRepository, file = path) => nodesOf(repository, file).map((node) => node.widgets_values);
const united = [['other.safetensors'], [7, 'fixed', 30]];
const isClean = (repository: TestRepository) => repository.git('status', '--porcelain') === '';

test.each([
  ['merge', ['merge', '--no-edit', 'theirs']],
  ['rebase', ['rebase', 'theirs']],
  ['cherry-pick', ['cherry-pick', 'theirs']],
  ['merge --squash', ['merge', '--squash', 'theirs']],
])('git %s unites edits of different nodes', async (_, command) => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: moreSteps }, { [path]: otherModel });
  expect(tryGit(made, ...command).code).toBe(0);
  expect(facts(made)).toEqual(united);
  expect(tryGit(made, 'diff', '--quiet').code).toBe(0);
  expect(made.git('ls-files', '-u')).toBe('');
});

test('git stash pop unites with what was committed meanwhile', async () => {
  const made = await mergingRepository({ [path]: first });
  made.write(path, moreSteps);
  made.git('stash');
  commitFiles(made, { [path]: otherModel }, 'model');
  expect(tryGit(made, 'stash', 'pop').code).toBe(0);
  expect(facts(made)).toEqual(united);
});

test('git stash pop with a conflict leaves the file loadable and the path unmerged', async () => {
  const made = await mergingRepository({ [path]: first });
  made.write(path, moreSteps);
  made.git('stash');
  commitFiles(made, { [path]: smallWorkflow({ steps: 40 }) }, 'forty');
  expect(tryGit(made, 'stash', 'pop').code).toBe(1);
  expect(facts(made)[1]).toEqual([7, 'fixed', 40]);
  expect(itemLines(await conflicts(made))).toEqual(['KSampler #2  steps: 40 | 30']);
  expect((await conflicts(made, { theirs: true })).exit).toBe(0);
  expect(facts(made)[1]).toEqual([7, 'fixed', 30]);
});

test('a file that one side renamed', async () => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: undefined, 'flows/sub/new name.json': first }, { [path]: otherModel });
  commitFiles(made, { 'flows/sub/new name.json': moreSteps }, 'steps');
  expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(0);
  expect(facts(made, 'flows/sub/new name.json')).toEqual(united);
});

test('in a linked work tree', async () => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: moreSteps }, { [path]: smallWorkflow({ steps: 40 }) });
  const linked = linkedWorkTree(made, join(temporaryFolder(), 'linked tree'), 'side');
  expect(tryGit(linked, 'merge', 'theirs').code).toBe(1);
  expect(itemLines(await conflicts(linked))).toEqual(['KSampler #2  steps: 30 | 40']);
  expect((await conflicts(linked, { take: ['1=theirs'] })).exit).toBe(0);
  expect(tryGit(linked, 'commit', '--no-edit', '-q').code).toBe(0);
  expect(facts(linked)[1]).toEqual([7, 'fixed', 40]);
  expect(isClean(made)).toBe(true);
});

test('both sides added the file: every difference is to be decided', async () => {
  const made = await mergingRepository({ 'readme.txt': 'x' });
  diverge(made, { [path]: moreSteps }, { [path]: otherModel });
  expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(1);
  expect(itemLines(await conflicts(made))).toEqual([
    'CheckpointLoaderSimple #1  ckpt_name: dreamshaper_8.safetensors | other.safetensors',
    'KSampler #2  steps: 30 | 20',
  ]);
  await conflicts(made, { take: ['1=theirs'], ours: true });
  expect(facts(made)).toEqual(united);
});

test.each([
  [['-X', 'theirs'], 40],
  [['--strategy-option=ours'], 30],
])('git merge %s decides conflicts', async (option, steps) => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: moreSteps }, { [path]: smallWorkflow({ steps: 40 }).replace('dreamshaper_8', 'other') });
  const words =
    process.platform === 'linux'
      ? ['merge', ...option]
      : ['-c', `comfy.favor=${steps === 40 ? 'theirs' : 'ours'}`, 'merge'];
  expect(tryGit(made, ...words, '--no-edit', 'theirs').code).toBe(0);
  expect(facts(made)).toEqual([['other.safetensors'], [7, 'fixed', steps]]);
});

test('git -c comfy.favor decides conflicts', async () => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: moreSteps }, { [path]: smallWorkflow({ steps: 40 }) });
  expect(tryGit(made, '-c', 'comfy.favor=theirs', 'merge', '--no-edit', 'theirs').code).toBe(0);
  expect(facts(made)[1]).toEqual([7, 'fixed', 40]);
});

test('a side that is no workflow: git merges lines, and JSON gets no markers', async () => {
  const made = await mergingRepository({
    [path]: first,
    'flows/note.json': '{\n"a": 1,\n"b": 1,\n"c": 1,\n"d": 1\n}\n',
  });
  const lines = (a: number, d: number) => `{\n"a": ${a},\n"b": 1,\n"c": 1,\n"d": ${d}\n}\n`;
  diverge(
    made,
    { 'flows/note.json': lines(2, 1), [path]: moreSteps },
    { 'flows/note.json': lines(1, 2), [path]: '{"settings": 1}\n' },
  );
  expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(1);
  expect(made.read('flows/note.json')).toBe(lines(2, 2));
  expect(facts(made)[1]).toEqual([7, 'fixed', 30]);
  const listed = await conflicts(made);
  expect(listed.result.files).toMatchObject([{ path, kind: 'file', items: [{ ours: 'changed', theirs: 'changed' }] }]);
  expect((await conflicts(made, { theirs: true })).exit).toBe(0);
  expect(made.read(path)).toBe('{"settings": 1}\n');
});

test('a file that is no JSON at all is merged as git merges text', async () => {
  const made = await mergingRepository({ 'flows/notes.json': 'one\n' });
  diverge(made, { 'flows/notes.json': 'two\n' }, { 'flows/notes.json': 'three\n' });
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  expect(made.read('flows/notes.json')).toContain('<<<<<<<');
});

test('one side edited the file, the other took it out', async () => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: undefined }, { [path]: moreSteps });
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  expect(itemLines(await conflicts(made))).toEqual(['file  the whole: deleted | changed']);
  expect((await conflicts(made, { theirs: true })).exit).toBe(0);
  expect(facts(made)[1]).toEqual([7, 'fixed', 30]);
  made.git('commit', '--quiet', '--no-edit');
  expect(isClean(made)).toBe(true);
});

test('a criss-cross of merges asks about what is open now, and guesses nothing', async () => {
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: moreSteps }, { [path]: smallWorkflow({ steps: 40 }) });
  made.git('branch', 'ours-before');
  tryGit(made, 'merge', 'theirs');
  await conflicts(made, { ours: true });
  made.git('commit', '--quiet', '--no-edit');
  made.git('switch', '--quiet', 'theirs');
  tryGit(made, 'merge', 'ours-before');
  await conflicts(made, { ours: true });
  made.git('commit', '--quiet', '--no-edit');
  expect(tryGit(made, 'merge', 'main').code).toBe(1);
  expect(itemLines(await conflicts(made))).toEqual(['KSampler #2  steps: 40 | 30']);
});

test('the merged file is laid out as both sides left it, also where nobody knows how it was before', async () => {
  const placed = (text: string, id: number, pos: number[]) => {
    const file = JSON.parse(text);
    file.nodes.find((node: { id: number }) => node.id === id).pos = pos;
    return JSON.stringify(file);
  };
  const made = await mergingRepository({ [path]: first });
  diverge(made, { [path]: placed(moreSteps, 2, [5, 6]) }, { [path]: placed(otherModel, 1, [7, 8]) });
  expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(0);
  expect(nodesOf(made).map(({ pos }) => pos)).toEqual([
    [7, 8],
    [5, 6],
  ]);
  const conflicting = await mergingRepository({ [path]: first });
  diverge(
    conflicting,
    { [path]: placed(moreSteps, 2, [5, 6]) },
    { [path]: placed(smallWorkflow({ steps: 40 }), 1, [7, 8]) },
  );
  expect(tryGit(conflicting, 'merge', 'theirs').code).toBe(1);
  await conflicts(conflicting, { theirs: true });
  expect(nodesOf(conflicting).map(({ pos }) => pos)).toEqual([
    [7, 8],
    [5, 6],
  ]);
});
