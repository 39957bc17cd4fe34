// Lineage in every kind of repository that git knows: recorded, found, checked, cleared up, synced.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository } from '../support/git.js';
import { madePicture, runFacts } from '../support/run-facts.js';
import { commitWorkflow } from '../support/workflow-repository.js';

async function comfy(made: TestRepository, ...words: string[]) {
  const { context, out } = captured(made.path, { env: { ...process.env, GIT_COMFY_SERVER: 'http://127.0.0.1:1' } });
  const code = await run(context, words);
  return { code, out: out() };
}

function withWorkflow(...initArguments: string[]): TestRepository {
  const made = makeRepository(...initArguments);
  made.commit({ '.gitattributes': 'workflows/** -text filter=comfy\n' });
  commitWorkflow(made, {}, 'Softer light');
  return made;
}

const picture = (made: TestRepository, shade: number) => join(dirname(made.path), `${shade}.png`);

async function record(made: TestRepository, shade: number): Promise<void> {
  const bytes = madePicture(shade);
  writeFileSync(picture(made, shade), bytes);
  const outputs = [{ name: `${shade}.png`, node: '9', index: 0, bytes }];
  await recordRun(await made.open(), runFacts({}, { outputs }));
}

const clone = (made: TestRepository, name: string, ...words: string[]): TestRepository => {
  made.git('clone', '-q', ...words, pathToFileURL(made.path).href, `../${name}`);
  return repositoryAt(join(dirname(made.path), name));
};

/** Everything that is asked of lineage works here. */
async function worksIn(made: TestRepository, shade = 1): Promise<void> {
  await record(made, shade);
  expect((await comfy(made, 'show', picture(made, shade))).out).toMatch(/commit +[0-9a-f]{10} Softer light/);
  expect((await comfy(made, 'show', 'HEAD')).out).toContain(`${shade}.png`);
  expect(await comfy(made, 'gc', '--keep-days', '0')).toMatchObject({ code: 0 });
  expect((await comfy(made, 'label', 'client-x', picture(made, shade))).code).toBe(0);
  expect(await comfy(made, 'fsck')).toMatchObject({ code: 0 });
}

test('with SHA-256 objects, and its remote too', async () => {
  const made = withWorkflow('--object-format=sha256');
  await worksIn(made);
  const hub = clone(made, 'hub.git', '--bare');
  made.git('remote', 'add', 'origin', hub.path);
  expect((await comfy(made, 'sync')).out).toContain('to origin: 2 lines');
  const other = clone(hub, 'other');
  expect((await comfy(other, 'sync')).out).toContain('from origin: 2 lines');
  expect(await comfy(other, 'fsck')).toMatchObject({ code: 0 });
});

test('bare', async () => {
  await worksIn(clone(withWorkflow(), 'bare.git', '--bare'));
});

test('in a linked work tree, and from the others', async () => {
  const made = withWorkflow();
  made.git('worktree', 'add', '-q', '-b', 'side', '../linked');
  await worksIn(repositoryAt(join(dirname(made.path), 'linked')));
  expect((await comfy(made, 'show', picture(made, 1))).out).toContain('Softer light');
  await worksIn(made, 2);
});

test('with packed refs', async () => {
  const made = withWorkflow();
  await record(made, 1);
  made.git('pack-refs', '--all', '--prune');
  made.git('gc', '--quiet');
  await worksIn(made, 2);
  expect((await comfy(made, 'show', picture(made, 1))).out).toContain('Softer light');
});

test('shallow: what stands on commits that are cut off is there, and is no damage', async () => {
  const made = withWorkflow();
  await record(made, 1);
  const old = made.git('rev-parse', '--short=10', 'HEAD');
  made.commit({ other: 'x' }, 'Softer light, and more');
  const shallow = clone(made, 'shallow', '--depth=1');
  expect((await comfy(shallow, 'sync')).code).toBe(0);
  const { out } = await comfy(shallow, 'show', picture(made, 1));
  expect(out).toContain(`${old}, which is not in this clone`);
  expect(await comfy(shallow, 'fsck', '--repair')).toMatchObject({ code: 0 });
  await worksIn(shallow, 2);
});

test('where somebody else writes notes to the same ref, theirs stay and are no damage', async () => {
  const made = withWorkflow();
  made.git('notes', '--ref=comfy', 'add', '-m', 'Reviewed by Ada\n\nSecond thoughts', 'HEAD');
  made.git('notes', '--ref=comfy', 'add', '-m', 'On another one', 'HEAD~1');
  await worksIn(made);
  expect(made.git('notes', '--ref=comfy', 'show', 'HEAD')).toMatch(/^Reviewed by Ada\nSecond thoughts\n\{/);
  expect(made.git('notes', '--ref=comfy', 'show', 'HEAD~1')).toBe('On another one');
  expect((await comfy(made, 'show', picture(made, 1))).out).not.toContain('skipped');
});
