import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { checkCommand } from '../../src/commands/check.js';
import { readLock, writeLock } from '../../src/lock/lockfile.js';
import { checkIndex, checkRepository } from '../../src/sharing/check.js';
import { cleanBytes } from '../../src/workflow/clean.js';
import { type ComfyProject, checkpoint, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { repositoryAt, temporaryFolder } from '../support/git.js';

const raw = JSON.stringify({
  last_node_id: 1,
  last_link_id: 0,
  nodes: [
    { id: 1, type: 'CheckpointLoaderSimple', pos: [10, 20], size: [1, 2], widgets_values: ['dream.safetensors'] },
  ],
  links: [],
  version: 0.4,
});

function normal(): string {
  const cleaned = cleanBytes(Buffer.from(raw));
  if (cleaned.kind !== 'workflow') throw new Error('no workflow');
  return cleaned.bytes.toString();
}

async function lockAndStage(project: ComfyProject) {
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  project.git('add', 'comfy.lock');
}

async function lockedProject(): Promise<ComfyProject> {
  const project = makeProject();
  project.put('models/checkpoints/dream.safetensors', 'weights');
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors')));
  project.git('add', '.');
  await lockAndStage(project);
  return project;
}

const codes = async (project: ComfyProject) =>
  (await checkRepository(await project.open())).problems.map(({ code }) => code);
const indexCodes = async (project: ComfyProject) => {
  const { problems, warnings } = await checkIndex(await project.open());
  return { problems: problems.map(({ code }) => code), warnings: warnings.map(({ code }) => code) };
};

test('a locked repository has no problem', async () => {
  expect(await codes(await lockedProject())).toEqual([]);
});

test('a workflow that the lock does not have is named, with what mends it', async () => {
  const project = await lockedProject();
  project.write('second.json', promptOf(checkpoint('other.safetensors')));
  project.git('add', '.');
  const { problems } = await checkIndex(await project.open());
  expect(problems).toMatchObject([{ path: 'second.json', code: 'not-locked' }]);
  expect(problems[0]?.hint).toContain('git comfy lock');
});

test('a new model in a locked workflow is named', async () => {
  const project = await lockedProject();
  project.write('portrait.json', promptOf(checkpoint('new.safetensors')));
  project.git('add', '.');
  const [problem] = (await checkIndex(await project.open())).problems;
  expect(problem?.text).toBe('portrait.json uses checkpoints/new.safetensors, which is not in comfy.lock');
});

test('only what is staged counts for the hook, and only what this commit changes', async () => {
  const project = await lockedProject();
  project.git('commit', '--quiet', '-m', 'locked');
  project.write('second.json', promptOf(checkpoint('other.safetensors')));
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'unlocked');
  project.write('portrait.json', promptOf(checkpoint('unstaged.safetensors')));
  project.write('README', 'hello');
  project.git('add', 'README');
  expect(await indexCodes(project)).toEqual({ problems: [], warnings: [] });
  expect(await codes(project)).toEqual(['not-locked']);
});

test('a raw workflow is not in normal form, its normal form is', async () => {
  const project = makeProject();
  project.write('w.json', raw);
  project.git('add', '.');
  await lockAndStage(project);
  expect((await indexCodes(project)).problems).toEqual(['not-normal-form']);
  project.write('w.json', normal());
  project.git('add', '.');
  expect((await indexCodes(project)).problems).toEqual([]);
});

test('what is not hashed is a warning for the hook and a problem in CI', async () => {
  const project = await lockedProject();
  project.write('comfy.lock', project.read('comfy.lock').replace(/digest: sha256:.*/, 'digest: unhashed'));
  project.git('add', '.');
  expect(await indexCodes(project)).toEqual({ problems: [], warnings: ['unhashed'] });
  expect(await codes(project)).toEqual(['unhashed']);
});

test.each([
  ['a lock in other words', (text: string) => text.replace('digest: ', 'digest:   '), 'lock-not-canonical'],
  ['a damaged lock', (text: string) => `${text}models:\n`, 'lock-unreadable'],
  ['a newer lock', (text: string) => text.replace('lockfileVersion: 1', 'lockfileVersion: 2'), 'lock-unreadable'],
])('%s is a problem', async (_, change, code) => {
  const project = await lockedProject();
  project.write('comfy.lock', change(project.read('comfy.lock')));
  project.git('add', '.');
  expect(await codes(project)).toEqual([code]);
});

test('settings of a newer version are a problem', async () => {
  const project = await lockedProject();
  project.write('comfy.yaml', 'normalForm: 2\n');
  project.git('add', '.');
  expect(await codes(project)).toEqual(['settings-unreadable']);
});

test('other JSON that is tracked needs no lock', async () => {
  const project = await lockedProject();
  project.write('package.json', '{"name": "x"}');
  project.git('add', '.');
  expect(await codes(project)).toEqual([]);
});

test('a broken workflow is named and stops no commit, in a linked work tree too', async () => {
  const project = await lockedProject();
  project.git('commit', '--quiet', '-m', 'locked');
  const linked = join(temporaryFolder(), 'linked work tree');
  project.git('worktree', 'add', '--quiet', '--detach', linked);
  const other = repositoryAt(linked);
  other.write('broken.json', '{"nodes": [');
  other.git('add', '.');
  const { problems, warnings } = await checkIndex(await other.open());
  expect(problems).toEqual([]);
  expect(warnings).toMatchObject([{ path: 'broken.json', code: 'not-a-workflow' }]);
  expect(await indexCodes(project)).toEqual({ problems: [], warnings: [] });
});

test('a node that the lock does not know is named: nobody has looked at its pack', async () => {
  const project = await lockedProject();
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors'), ['NewNode', {}]));
  project.git('add', '.');
  const { problems } = await checkRepository(await project.open());
  expect(problems.map(({ text }) => text)).toEqual(['portrait.json uses node NewNode, which is not in comfy.lock']);
});

test('a workflow that is gone is stale in the lock, in CI; a commit that takes it away is not stopped', async () => {
  const project = await lockedProject();
  project.write('second.json', promptOf(checkpoint('dream.safetensors')));
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'two');
  await lockAndStage(project);
  project.git('commit', '--quiet', '-m', 'locked');
  project.git('rm', '--quiet', 'second.json');
  expect(await indexCodes(project)).toEqual({ problems: [], warnings: [] });
  expect(await codes(project)).toEqual(['stale']);
  await lockAndStage(project);
  expect(await codes(project)).toEqual([]);
});

test.each([
  ['https://user:secret@huggingface.co/x', 'has credentials in it'],
  ['https://civitai.com/api/download/models/1?token=abc', 'has credentials in it'],
  ['file:///home/ada/model', 'is no address that others can reach'],
  ['https://huggingface.co/o/r/resolve/main/x.safetensors', undefined],
  ['urn:air:sdxl:checkpoint:civitai:1@2', undefined],
])('a source %s of a lock %s', async (source, why) => {
  const project = await lockedProject();
  const lock = readLock(project.read('comfy.lock'));
  const models = new Map([...lock.models].map(([key, entry]) => [key, { ...entry, sources: [source] }]));
  project.write('comfy.lock', writeLock({ ...lock, models }));
  project.git('add', '.');
  const { problems } = await checkRepository(await project.open());
  const text = `an address of checkpoints/dream.safetensors in comfy.lock ${why}`;
  expect(problems.map((problem) => problem.text)).toEqual(why === undefined ? [] : [text]);
});

const key = `hf_${'a1'.repeat(17)}`;

test('a credential stops the commit; what else the lint finds does not, and is told by check', async () => {
  const project = await lockedProject();
  const inputs = { text: `use ${key}`, seed: -1 };
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors'), ['CLIPTextEncode', inputs]));
  project.git('add', '.');
  await lockAndStage(project);
  expect(await indexCodes(project)).toEqual({ problems: ['secret-in-workflow'], warnings: [] });
  const { problems, notes } = await checkRepository(await project.open());
  expect([problems, notes].map((some) => some.map(({ code }) => code))).toEqual([
    ['secret-in-workflow'],
    ['random-seed'],
  ]);
});

test('levels and ignored files stand in comfy.yaml of the index', async () => {
  const project = await lockedProject();
  project.write('drafts/seed.json', promptOf(checkpoint('dream.safetensors'), ['KSampler', { seed: -1 }]));
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors'), ['KSampler', { seed: -1 }]));
  project.write('comfy.yaml', 'check:\n  rules:\n    random-seed: error\n  ignore:\n    - drafts/\n');
  project.git('add', '.');
  await lockAndStage(project);
  const { problems } = await checkRepository(await project.open());
  expect(problems.map(({ code, path }) => `${path} ${code}`)).toEqual(['portrait.json random-seed']);
  project.write('comfy.yaml', 'check:\n  ignore:\n    - "*.json"\n');
  project.git('add', 'comfy.yaml');
  const { text } = await checkCommand.run(captured(project.path).context, { args: [], options: {} });
  expect(text).toBe('0 workflows: in normal form, and locked (2 ignored, by comfy.yaml)');
  project.write('comfy.yaml', 'check:\n  rules:\n    random-seed: off\n');
  project.git('add', 'comfy.yaml');
  const { notes, workflows } = await checkRepository(await project.open());
  expect({ notes, workflows }).toEqual({ notes: [], workflows: 2 });
});

test('the answer says level and rule, as text and as annotations', async () => {
  const project = await lockedProject();
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors'), ['KSampler', { seed: -1 }]));
  project.git('add', '.');
  await lockAndStage(project);
  const run = (options: Record<string, string>) =>
    checkCommand.run(captured(project.path).context, { args: [], options });
  const { text, exit } = await run({});
  const said = 'note: portrait.json: seed of KSampler #2 is -1: the node draws one itself [random-seed]';
  expect(text.split('\n')[0]).toBe(said);
  expect(text).toContain('1 workflow: in normal form, and locked (1 note)');
  expect(exit).toBe(0);
  expect((await run({ format: 'github' })).text).toMatch(
    /^::notice file=portrait\.json,title=git comfy check%3A random-seed::/,
  );
});
