import { expect, test } from 'vitest';
import { conflictsCommand } from '../../src/commands/conflicts.js';
import { captured } from '../support/context.js';
import type { TestRepository } from '../support/git.js';
import { commitFiles, conflicts, diverge, itemLines, mergingRepository, tryGit } from '../support/merging.js';
import { smallWorkflow } from '../support/workflow.js';

const path = 'flows/portrait.json';
const version = (steps: number, model: string, seed = 7) =>
  smallWorkflow({ steps }).replace('dreamshaper_8', model).replace('[7,', `[${seed},`);

/** Both changed the model and the steps; theirs alone the seed. */
async function unmerged(): Promise<TestRepository> {
  const made = await mergingRepository({ [path]: smallWorkflow() });
  diverge(made, { [path]: version(30, 'ours') }, { [path]: version(40, 'theirs', 8) });
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  return made;
}

const values = (made: TestRepository) =>
  (JSON.parse(made.read(path)).nodes as { widgets_values: unknown[] }[]).map((node) => node.widgets_values);
const isOpen = (made: TestRepository) => made.git('ls-files', '-u') !== '';

test('what is open is listed by node, with both sides and what they are', async () => {
  const made = await unmerged();
  const listed = await conflicts(made);
  expect(listed.exit).toBe(1);
  expect(itemLines(listed)).toEqual([
    'CheckpointLoaderSimple #1  ckpt_name: ours.safetensors | theirs.safetensors',
    'KSampler #2  steps: 30 | 40',
  ]);
  expect(listed.result).toMatchObject({
    doing: 'merge',
    staged: [],
    files: [{ path, kind: 'workflow', items: [{ number: 1 }, { number: 2, base: '20' }] }],
  });
  expect(listed.text).toMatch(
    /^ours: {3}[0-9a-f]+ ours\ntheirs: [0-9a-f]+ theirs\n\nflows\/portrait.json: 2 items open\n {2}1 {2}CheckpointLoaderSimple #1 {2}ckpt_name/,
  );
  // What only one side changed is in the file already.
  expect(values(made)).toEqual([['ours.safetensors'], [8, 'fixed', 30]]);
});

test('items are decided one by one; the file is staged with the last one', async () => {
  const made = await unmerged();
  const first = await conflicts(made, { take: ['2=theirs'] });
  expect(first.exit).toBe(1);
  expect(first.text).toContain('1 item open of 2');
  expect(values(made)).toEqual([['ours.safetensors'], [8, 'fixed', 40]]);
  expect(isOpen(made)).toBe(true);
  const second = await conflicts(made, { take: ['1=ours'] });
  expect(second.exit).toBe(0);
  expect(second.text).toBe(`${path}: staged\nnothing is open: git merge --continue`);
  expect(isOpen(made)).toBe(false);
  expect(made.git('diff')).toBe('');
  made.git('commit', '--quiet', '--no-edit');
  expect(values(made)).toEqual([['ours.safetensors'], [8, 'fixed', 40]]);
});

test('a decision can be taken back while the file is open', async () => {
  const made = await unmerged();
  await conflicts(made, { take: ['2=theirs'] });
  await conflicts(made, { take: ['2=ours'] });
  expect(values(made)[1]).toEqual([8, 'fixed', 30]);
  await conflicts(made, { theirs: true });
  expect(values(made)).toEqual([['theirs.safetensors'], [8, 'fixed', 30]]);
});

test('what was edited by hand since the merge stays', async () => {
  const made = await unmerged();
  const file = JSON.parse(made.read(path));
  file.nodes[1].title = 'by hand';
  file.nodes[0].pos = [1234, 5];
  made.write(path, JSON.stringify(file));
  await conflicts(made, { theirs: true });
  const after = JSON.parse(made.read(path));
  expect(after.nodes[1].title).toBe('by hand');
  expect(after.nodes[0].pos).toEqual([1234, 5]);
  expect(values(made)).toEqual([['theirs.safetensors'], [8, 'fixed', 40]]);
});

test('a file that git merged with markers, where our driver was not set up, is made anew', async () => {
  const made = await mergingRepository({ [path]: smallWorkflow() });
  diverge(made, { [path]: version(30, 'ours') }, { [path]: version(40, 'theirs', 8) });
  made.git('config', '--remove-section', 'merge.comfy');
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  expect(made.read(path)).toContain('<<<<<<<');
  await conflicts(made, { ours: true });
  expect(values(made)).toEqual([['ours.safetensors'], [8, 'fixed', 30]]);
});

test('a rebase says which side is which', async () => {
  const made = await mergingRepository({ [path]: smallWorkflow() });
  diverge(made, { [path]: version(30, 'ours') }, { [path]: version(40, 'theirs', 8) });
  expect(tryGit(made, 'rebase', 'theirs').code).toBe(1);
  const { result, text } = await conflicts(made);
  expect(result.doing).toBe('rebase');
  expect(text).toMatch(/^ours: {3}[0-9a-f]+ theirs\ntheirs: [0-9a-f]+ ours\n/);
  await conflicts(made, { theirs: true });
  expect(tryGit(made, '-c', 'core.editor=true', 'rebase', '--continue').code).toBe(0);
  expect(values(made)).toEqual([['ours.safetensors'], [8, 'fixed', 30]]);
});

test('two files are decided together, or by their paths', async () => {
  const made = await mergingRepository({ [path]: smallWorkflow(), 'flows/b.json': smallWorkflow() });
  diverge(
    made,
    { [path]: version(30, 'a'), 'flows/b.json': version(30, 'a') },
    { [path]: version(40, 'a'), 'flows/b.json': version(40, 'a') },
  );
  tryGit(made, 'merge', 'theirs');
  await expect(conflicts(made, { take: ['1=ours'] })).rejects.toMatchObject({
    code: 'usage',
    hint: expect.stringContaining('flows/b.json --take'),
  });
  expect((await conflicts(made, { take: ['1=theirs'] }, ['flows/b.json'])).exit).toBe(0);
  const left = await conflicts(made);
  expect(left.result.files.map((file) => file.path)).toEqual([path]);
  expect((await conflicts(made, { ours: true })).exit).toBe(0);
});

test.each([
  [{ take: ['3=ours'] }, 'flows/portrait.json has no item 3'],
  [{ take: ['1=mine'] }, '"1=mine" decides nothing'],
  [{ ours: true, theirs: true }, '--ours and --theirs exclude each other'],
])('%j is refused with what to type', async (options, message) => {
  const made = await unmerged();
  await expect(conflicts(made, options)).rejects.toMatchObject({ message });
  expect(isOpen(made)).toBe(true);
});

test('without a merge nothing is open', async () => {
  const made = await mergingRepository({ [path]: smallWorkflow() });
  const answer = await conflictsCommand.run(captured(made.path).context, { args: [], options: {} });
  expect(answer).toMatchObject({ exit: 0, text: 'nothing is open' });
});

test('of what both changed in a prompt the rest keeps the way it is written', async () => {
  const prompt = (seed: number, steps: number) =>
    `{"3": {"class_type": "KSampler", "inputs": {"seed": ${seed}, "steps": ${steps}}}}`;
  const made = await mergingRepository({ [path]: prompt(1, 20) });
  diverge(made, { [path]: prompt(2, 30) }, { [path]: prompt(1, 40) });
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  expect(itemLines(await conflicts(made))).toEqual(['KSampler #3  steps: 30 | 40']);
  await conflicts(made, { theirs: true });
  expect(made.read(path)).toBe(prompt(2, 40));
});

const lock = (digest: string, more = '') =>
  `lockfileVersion: 1\nmodels:\n  loras/a.safetensors:\n    digest: sha256:${digest.repeat(64)}\n    size: 5\n${more}workflows:\n  ${path}:\n    models:\n      - loras/a.safetensors\n`;

test('two locks unite; an entry that both changed is an item', async () => {
  const made = await mergingRepository({ 'comfy.lock': lock('a') });
  diverge(made, { 'comfy.lock': lock('b') }, { 'comfy.lock': lock('c') });
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  expect(made.read('comfy.lock')).toBe(lock('b'));
  expect(itemLines(await conflicts(made))).toEqual([
    `model loras/a.safetensors  digest: sha256:${'b'.repeat(64)} | sha256:${'c'.repeat(64)}`,
  ]);
  expect((await conflicts(made, { theirs: true })).exit).toBe(0);
  expect(made.read('comfy.lock')).toBe(lock('c'));
  const input = (name: string) => `inputs:\n  ${name}:\n    digest: sha256:${'d'.repeat(64)}\n`;
  made.git('commit', '--quiet', '--no-edit');
  made.git('branch', '-D', '-q', 'theirs');
  diverge(made, { 'comfy.lock': lock('c', input('x.png')) }, { 'comfy.lock': lock('c', input('y.png')) });
  expect(tryGit(made, 'merge', '--no-edit', 'theirs').code).toBe(0);
  expect(made.read('comfy.lock')).toBe(lock('c', `${input('x.png')}  y.png:\n    digest: sha256:${'d'.repeat(64)}\n`));
});

test('a lock with markers in it never comes out of a merge', async () => {
  const made = await mergingRepository({ 'comfy.lock': lock('a') });
  diverge(made, { 'comfy.lock': lock('b') }, { 'comfy.lock': 'lockfileVersion: 99\n' });
  expect(tryGit(made, 'merge', 'theirs').code).toBe(1);
  expect(made.read('comfy.lock')).toBe(lock('b'));
  commitFiles(made, { 'comfy.lock': lock('b') }, 'ours');
});
