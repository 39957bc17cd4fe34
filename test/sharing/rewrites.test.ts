// History is rewritten by git itself, in a repository that `init` has set up; every output still answers `show`.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordRun } from '../../src/capture/record-run.js';
import { run } from '../../src/cli.js';
import { listStore } from '../../src/git/store.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { madePicture, runFacts, workflowText } from '../support/run-facts.js';

const path = 'workflows/portrait.json';

async function comfy(made: TestRepository, ...words: string[]) {
  const { context, out } = captured(made.path, { env: { ...process.env, GIT_COMFY_SERVER: 'http://127.0.0.1:1' } });
  const code = await run(context, words);
  return { code, out: out() };
}

/** A picture of the workflow as it is committed now, recorded; its file is `<steps>.png`. */
async function recordPicture(made: TestRepository, steps: number): Promise<void> {
  const bytes = madePicture(steps, { steps });
  writeFileSync(join(made.path, '.git', `${steps}.png`), bytes);
  const outputs = [{ name: `${steps}.png`, node: '9', index: 0, bytes }];
  await recordRun(await made.open(), runFacts({ steps }, { outputs }));
}

const commitSteps = (made: TestRepository, steps: number): string => {
  made.write(path, workflowText({ steps }));
  made.git('add', path);
  made.git('commit', '--quiet', '--no-verify', '-m', `steps ${steps}`);
  return made.git('rev-parse', 'HEAD');
};

/** A repository that is set up, with a commit and a picture for each number of steps. */
async function setUp(...steps: number[]): Promise<TestRepository> {
  const made = makeRepository();
  await init(captured(made.path, { program }).context, { track: ['workflows/**'], nested: false, dryRun: false });
  made.git('add', '.');
  made.git('commit', '--quiet', '--no-verify', '-m', 'set up');
  for (const count of steps) {
    commitSteps(made, count);
    await recordPicture(made, count);
  }
  return made;
}

const short = (made: TestRepository, name: string) => made.git('rev-parse', '--short=10', name);

/** Nothing but refs keeps an object. */
function forget(made: TestRepository): void {
  made.git('reflog', 'expire', '--expire=now', '--all');
  made.git('gc', '--quiet', '--prune=now');
}

/** What `show` says of the commit that a picture was made at. */
async function commitOf(made: TestRepository, steps: number): Promise<string> {
  const { out } = await comfy(made, 'show', `.git/${steps}.png`);
  return (/^ {2}commit +([\s\S]*?)\n {2}\S/m.exec(out)?.[1] ?? out).replace(/\s+/g, ' ');
}

test('commit --amend: the record goes along with its commit', async () => {
  const made = await setUp(20);
  const before = short(made, 'HEAD');
  made.git('commit', '--quiet', '--amend', '--no-verify', '-m', 'better words');
  expect(await commitOf(made, 20)).toMatch(`${before}, rewritten since: ${short(made, 'HEAD')} better words`);
  forget(made);
  expect(await commitOf(made, 20)).toMatch(`${before}, rewritten since: ${short(made, 'HEAD')} better words`);
  expect((await comfy(made, 'show', 'HEAD')).out).toContain('20.png');
  expect((await comfy(made, 'fsck')).code).toBe(0);
});

test('commit --amend with another workflow says so', async () => {
  const made = await setUp(20);
  made.write(path, workflowText({ steps: 25 }));
  made.git('commit', '--quiet', '-a', '--amend', '--no-verify', '-m', 'steps 25');
  expect(await commitOf(made, 20)).toContain(`${short(made, 'HEAD')} steps 25`);
  expect(await commitOf(made, 20)).toContain('with another workflow');
});

test('rebase -i that turns, drops words and squashes: every record is on a commit of the new history', async () => {
  const made = await setUp(20, 30, 40);
  const editor = `sed -i -e '2s/^pick/squash/' -e '3s/^pick/reword/'`;
  execFileSync('git', ['rebase', '--quiet', '-i', 'HEAD~3'], {
    cwd: made.path,
    env: { ...process.env, GIT_SEQUENCE_EDITOR: editor, GIT_EDITOR: 'true' },
    stdio: 'pipe',
  });
  forget(made);
  const squashed = short(made, 'HEAD~1');
  expect(await commitOf(made, 20)).toContain(`${squashed} steps 20`);
  expect(await commitOf(made, 30)).toContain(`${squashed} steps 20`);
  expect(await commitOf(made, 30)).toContain('has the same workflow');
  const { out } = await comfy(made, 'show', 'HEAD~1');
  expect(['20.png', '30.png', '40.png'].filter((name) => out.includes(name))).toEqual(['20.png', '30.png']);
  expect((await comfy(made, 'fsck')).code).toBe(0);
});

test('cherry-pick: the record stays at the commit that its run saw', async () => {
  const made = await setUp(20);
  made.git('switch', '--quiet', '-c', 'side');
  const side = commitSteps(made, 30);
  await recordPicture(made, 30);
  made.git('switch', '--quiet', 'main');
  made.git('cherry-pick', side);
  expect(await commitOf(made, 30)).toMatch(new RegExp(`^${side.slice(0, 10)} steps 30 \\([\\d-]+\\)$`));
  // Once that is gone, the commit that took it over has the same workflow.
  made.git('branch', '-D', 'side');
  forget(made);
  expect(await commitOf(made, 30)).toContain(`${short(made, 'HEAD')} steps 30`);
});

test('squash merge, and the branch deleted: found by the workflow, attached by fsck --repair', async () => {
  const made = await setUp(20);
  made.git('switch', '--quiet', '-c', 'side');
  const side = commitSteps(made, 30);
  await recordPicture(made, 30);
  made.git('switch', '--quiet', 'main');
  made.git('merge', '--quiet', '--squash', 'side');
  made.git('commit', '--quiet', '--no-verify', '-m', 'side, squashed');
  made.git('branch', '-D', 'side');
  forget(made);
  const found = `${side.slice(0, 10)}, rewritten since: ${short(made, 'HEAD')} side, squashed`;
  expect(await commitOf(made, 30)).toContain(found);
  const { out } = await comfy(made, 'show', 'HEAD');
  expect(out).toContain(`30.png  seed 7, took 1 s, made at ${side.slice(0, 10)}, rewritten since`);
  expect((await comfy(made, 'fsck')).code).toBe(1);
  expect((await comfy(made, 'fsck', '--repair')).code).toBe(0);
  expect((await comfy(made, 'show', 'HEAD')).out).toContain('30.png');
});

test('filter-repo: every commit is another one, the records are found and attached', async () => {
  const made = await setUp(20, 30);
  const old = short(made, 'HEAD');
  // What git-filter-repo does: fast-export of everything, some of it changed, fast-import, reflogs and old objects thrown away.
  const rewrite = `git fast-export --all --reencode=yes | sed -e 's/^steps \\(..\\)$/STEPS \\1/' | git fast-import --force --quiet`;
  execFileSync('sh', ['-c', rewrite], { cwd: made.path, stdio: 'pipe' });
  made.git('reset', '--quiet', '--hard');
  forget(made);
  for (const [steps, name] of [
    [20, 'HEAD~1'],
    [30, 'HEAD'],
  ] as const) {
    expect(await commitOf(made, steps)).toContain(`rewritten since: ${short(made, name)} STEPS ${steps}`);
  }
  expect(short(made, 'HEAD')).not.toBe(old);
  expect((await comfy(made, 'fsck', '--repair')).code).toBe(0);
  expect((await comfy(made, 'show', 'HEAD')).out).toContain('30.png');
});

test.each([
  ['the next record', async (made: TestRepository) => recordPicture(made, 40)],
  ['fsck --repair', async (made: TestRepository) => void (await comfy(made, 'fsck', '--repair'))],
])(
  'filter-repo --path takes the store for a branch and leaves nothing of it: show knows it all the same, %s brings it back',
  async (_, bringBack) => {
    const made = await setUp(20);
    const documents = await listStore(await made.open(), '');
    const before = await comfy(made, 'show', '.git/20.png');
    made.git('update-ref', '-d', 'refs/comfy/store');
    forget(made);
    expect(await listStore(await made.open(), '')).toEqual([]);
    expect(await comfy(made, 'show', '.git/20.png')).toEqual(before);
    await bringBack(made);
    expect(await listStore(await made.open(), '')).toEqual(expect.arrayContaining(documents));
    expect(await comfy(made, 'fsck')).toMatchObject({ code: 0 });
  },
);

test('a branch that is deleted with its commits: the picture still tells how it was made', async () => {
  const made = await setUp(20);
  made.git('switch', '--quiet', '-c', 'side');
  const side = commitSteps(made, 30);
  await recordPicture(made, 30);
  made.git('switch', '--quiet', 'main');
  made.git('branch', '-D', 'side');
  forget(made);
  expect(await commitOf(made, 30)).toBe(`${side.slice(0, 10)}, which is not in this clone`);
  const { out } = await comfy(made, 'show', '.git/30.png');
  expect(out).toMatch(/steps +30/);
});
