import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rememberInterfaces } from '../../src/capture/remembered-interfaces.js';
import { diffCommand } from '../../src/commands/diff.js';
import { UsageError } from '../../src/errors.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { madePicture, workflowText } from '../support/run-facts.js';
import { smallWorkflow } from '../support/workflow.js';
import { committedWorkflow, makeWorkflowRepository, normalText, workflowPath } from '../support/workflow-repository.js';

const path = 'workflows/portrait.json';
const steps = (count: number) => normalText(smallWorkflow({ steps: count }));

async function diff(cwd: string, args: string[] = [], options = {}) {
  const { text, exit, result } = await diffCommand.run(captured(cwd).context, { args, options });
  return { text, exit, result };
}

function repositoryWith(...versions: number[]): TestRepository {
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes') });
  for (const version of versions) repository.commit({ [path]: steps(version) });
  return repository;
}

test('from the last commit to the file as it is, staged or not; layout is no difference', async () => {
  const repository = repositoryWith(20);
  repository.write(path, smallWorkflow({ steps: 20, x: 900 }));
  expect(await diff(repository.path)).toMatchObject({ text: '', exit: 0 });
  repository.write(path, smallWorkflow({ steps: 30, x: 900 }));
  expect((await diff(repository.path)).text).toBe(`${path}\n  KSampler #2: steps 20 -> 30`);
  repository.git('add', path);
  expect((await diff(repository.path)).text).toContain('steps 20 -> 30');
});

test('two commits, a range, one commit against the file, what is staged', async () => {
  const repository = repositoryWith(20, 30, 40);
  expect((await diff(repository.path, ['HEAD~2', 'HEAD~1'])).text).toContain('steps 20 -> 30');
  expect((await diff(repository.path, ['HEAD~2..'])).text).toContain('steps 20 -> 40');
  expect((await diff(repository.path, ['HEAD~1'])).text).toContain('steps 30 -> 40');
  repository.write(path, steps(50));
  repository.git('add', path);
  repository.write(path, steps(60));
  expect((await diff(repository.path, [], { staged: true })).text).toContain('steps 40 -> 50');
  expect((await diff(repository.path)).text).toContain('steps 40 -> 60');
});

test('since two branches parted: a...b', async () => {
  const repository = repositoryWith(20);
  repository.git('switch', '--quiet', '-c', 'other');
  repository.commit({ [path]: steps(30) });
  repository.git('switch', '--quiet', 'main');
  repository.commit({ [path]: steps(99) });
  expect((await diff(repository.path, ['main...other'])).text).toContain('steps 20 -> 30');
});

test('paths choose files, also from a sub-folder, and with blanks in their names', async () => {
  const repository = repositoryWith();
  repository.commit({ 'workflows/a b.json': steps(20), 'workflows/c.json': steps(20) });
  repository.write('workflows/a b.json', steps(21));
  repository.write('workflows/c.json', steps(22));
  expect((await diff(join(repository.path, 'workflows'), ['a b.json'])).text).toBe(
    'workflows/a b.json\n  KSampler #2: steps 20 -> 21',
  );
});

test('files added, removed and renamed are told; what is no workflow is not looked at', async () => {
  const repository = repositoryWith(20);
  repository.commit({ 'workflows/old.json': steps(5), 'notes.json': '{}' });
  repository.git('mv', 'workflows/old.json', 'workflows/new.json');
  repository.git('rm', '--quiet', path);
  repository.commit({ 'workflows/added.json': smallWorkflow({ steps: 1 }), 'notes.json': '{"a":1}' });
  expect(
    (await diff(repository.path, ['HEAD~1', 'HEAD'])).text.split('\n').filter((line) => !line.startsWith(' ')),
  ).toEqual(['workflows/added.json: added', 'workflows/old.json -> workflows/new.json', `${path}: removed`]);
});

test('a damaged file is said, and hides no other', async () => {
  const repository = repositoryWith(20);
  repository.commit({ 'workflows/z.json': steps(20) });
  repository.write(path, '{"nodes": [');
  repository.write('workflows/z.json', steps(21));
  expect((await diff(repository.path)).text).toBe(
    `${path}: unreadable\n  the new version: not JSON at line 1, column 12\nworkflows/z.json\n  KSampler #2: steps 20 -> 21`,
  );
});

test('--exit-code ends with 1 where something differs', async () => {
  const repository = repositoryWith(20);
  expect((await diff(repository.path, [], { exitCode: true })).exit).toBe(0);
  repository.write(path, steps(30));
  expect((await diff(repository.path, [], { exitCode: true })).exit).toBe(1);
});

test('before the first commit everything staged is added', async () => {
  const repository = makeWorkflowRepository();
  repository.write(path, steps(20));
  repository.git('add', '.');
  expect((await diff(repository.path)).text).toBe(`${path}: added`);
});

test('two files, in no repository: workflows, or prompts', async () => {
  const folder = temporaryFolder();
  const prompt = (count: number) =>
    JSON.stringify({ 3: { class_type: 'KSampler', inputs: { steps: count, model: ['4', 0] } } });
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(folder, 'a.json'), smallWorkflow({ steps: 20 }));
  writeFileSync(join(folder, 'b.json'), smallWorkflow({ steps: 30, x: 500 }));
  writeFileSync(join(folder, 'p.json'), prompt(20));
  writeFileSync(join(folder, 'q.json'), prompt(25));
  expect((await diff(folder, ['a.json', 'b.json'])).text).toBe('b.json\n  KSampler #2: steps 20 -> 30');
  expect((await diff(folder, ['p.json', 'q.json'])).text).toBe('q.json\n  KSampler #3: steps 20 -> 25');
  await expect(diff(folder, ['a.json', 'q.json'])).rejects.toMatchObject({ code: 'other-format' });
});

test('names of a pack come from the lock', async () => {
  const repository = repositoryWith();
  const pack = (value: number) =>
    normalText(
      JSON.stringify({
        version: 0.4,
        last_node_id: 1,
        nodes: [{ id: 1, type: 'Pack', widgets_values: [value] }],
        links: [],
      }),
    );
  repository.commit({
    [path]: pack(1),
    'comfy.lock':
      'lockfileVersion: 1\nclasses:\n  Pack:\n    interface: 0123456789abcdef\n    widgets:\n      - strength\n',
  });
  repository.write(path, pack(2));
  expect((await diff(repository.path)).text).toContain('Pack #1: strength 1 -> 2');
});

test('names that the lock lacks come from what a server once told', async () => {
  const repository = repositoryWith();
  const pack = (value: number) =>
    JSON.stringify({
      version: 0.4,
      last_node_id: 1,
      nodes: [{ id: 1, type: 'Pack', widgets_values: [value] }],
      links: [],
    });
  repository.commit({ [path]: normalText(pack(1)) });
  repository.write(path, normalText(pack(2)));
  expect((await diff(repository.path)).text).toContain('Pack #1: #0 1 -> 2\n  #0: positions of values');
  const told = parseJson('{"Pack": {"input": {"required": {"power": ["INT", {}]}}, "output": []}}');
  await rememberInterfaces(await repository.open(), 'a server', told as JsonObject);
  expect((await diff(repository.path)).text).toBe(`${path}\n  Pack #1: power 1 -> 2`);
});

test('a word that is neither commit nor file, and one that is both', async () => {
  const repository = repositoryWith(20);
  await expect(diff(repository.path, ['nothing'])).rejects.toBeInstanceOf(UsageError);
  repository.write('main', 'a file');
  await expect(diff(repository.path, ['main'])).rejects.toThrow('both a commit and a file');
  expect((await diff(repository.path, ['./main'])).text).toBe('');
});

test('a word that starts with a dash does not reach git as an option', async () => {
  const repository = repositoryWith(20);
  await expect(diff(repository.path, ['--output=stolen'])).rejects.toBeInstanceOf(UsageError);
});

test('the envelope has every change with its parts, exact numbers as text', async () => {
  const repository = repositoryWith(20);
  repository.write(path, steps(20).replace(/\b7\b/, '18446744073709551615'));
  const { result } = await diff(repository.path);
  expect(result).toMatchObject({
    files: [
      {
        path,
        status: 'changed',
        changes: [{ kind: 'value', key: 'seed', before: 7, after: '18446744073709551615', node: { id: '2' } }],
      },
    ],
  });
});

test('a bare repository and no repository are named', async () => {
  const bare = makeRepository('--bare');
  await expect(diff(bare.path)).rejects.toMatchObject({ code: 'bare-repository' });
  const folder = join(temporaryFolder(), 'plain');
  mkdirSync(folder);
  await expect(diff(folder)).rejects.toMatchObject({ code: 'no-repository' });
});

test('two pictures by what is embedded in them', async () => {
  const repository = makeRepository();
  repository.write('old.png', madePicture(1, { steps: 20 }));
  repository.write('new.png', madePicture(2, { steps: 25 }));
  expect((await diff(repository.path, ['old.png', 'new.png'])).text).toContain('steps 20 -> 25');
});

test('what is staged against the files', async () => {
  const repository = repositoryWith(20);
  repository.write(path, steps(30));
  repository.git('add', path);
  expect((await diff(repository.path, [], { unstaged: true })).text).toBe('');
  repository.write(path, steps(40));
  expect((await diff(repository.path, [], { unstaged: true })).text).toContain('steps 30 -> 40');
  await expect(diff(repository.path, ['HEAD'], { unstaged: true })).rejects.toBeInstanceOf(UsageError);
  await expect(diff(repository.path, [], { unstaged: true, staged: true })).rejects.toBeInstanceOf(UsageError);
});

test('a picture against a file', async () => {
  const repository = makeRepository();
  repository.write('portrait.png', madePicture(1, { steps: 20 }));
  repository.write('portrait.json', workflowText({ steps: 28 }));
  expect((await diff(repository.path, ['portrait.png', 'portrait.json'])).text).toContain('steps 20 -> 28');
});

test('a picture alone against the tracked workflow that it came from, as that is now', async () => {
  const { repository } = await committedWorkflow({ steps: 20 });
  repository.commit({ 'workflows/other.json': steps(20) });
  repository.write('made.png', madePicture(1, { steps: 20 }));
  expect((await diff(repository.path, ['made.png'])).text).toBe(`made.png -> ${workflowPath}\n  no difference`);
  repository.write(workflowPath, workflowText({ steps: 28 }));
  expect((await diff(repository.path, ['made.png'])).text).toBe(
    `made.png -> ${workflowPath}\n  KSampler #3: steps 20 -> 28`,
  );
});

test('a picture that no tracked workflow resembles', async () => {
  const repository = repositoryWith(20);
  repository.write('made.png', madePicture(1));
  await expect(diff(repository.path, ['made.png'])).rejects.toMatchObject({ code: 'no-such-workflow' });
});

test('--layout counts in one line what only moved', async () => {
  const folder = temporaryFolder();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(folder, 'a.json'), smallWorkflow({ x: 10 }));
  writeFileSync(join(folder, 'b.json'), smallWorkflow({ x: 500 }));
  expect((await diff(folder, ['a.json', 'b.json'])).text).toBe('');
  expect((await diff(folder, ['a.json', 'b.json'], { layout: true })).text).toBe('b.json\n  layout: 2 nodes moved');
});

test('a seed that was drawn anew is one muted line', async () => {
  const folder = temporaryFolder();
  const { writeFileSync } = await import('node:fs');
  const drawn = (seed: number) => smallWorkflow().replace('[7,"fixed"', `[${seed},"randomize"`);
  writeFileSync(join(folder, 'a.json'), drawn(1));
  writeFileSync(join(folder, 'b.json'), drawn(2));
  expect((await diff(folder, ['a.json', 'b.json'])).text).toBe('b.json\n  seed drawn anew: KSampler #2');
});

test('-o writes a file instead of printing', async () => {
  const repository = repositoryWith(20);
  repository.write(path, steps(30));
  expect((await diff(repository.path, [], { md: true, output: 'diff.md' })).text).toBe('');
  expect(repository.read('diff.md')).toBe(`#### \`${path}\`\n\n- \`KSampler #2\` \`steps 20 -> 30\`\n`);
});
