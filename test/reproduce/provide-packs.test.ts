import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { run } from '../../src/cli.js';
import type { Context } from '../../src/context.js';
import { type ComfyProject, makeProject, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { gitServer } from '../support/git-http.js';

const workflow = JSON.stringify({
  nodes: [{ id: 1, type: 'ImpactNode', properties: { aux_id: 'l/Impact' }, inputs: [], outputs: [] }],
  ...{ links: [], version: 0.4, last_node_id: 1 },
});

interface Scene {
  readonly project: ComfyProject;
  readonly pack: TestRepository;
  /** What the lock says. */
  readonly commit: string;
  readonly asked: string[];
}

/** A pack that was locked, and has moved on since; a server has all of it. */
async function movedPack(): Promise<Scene> {
  const project = makeProject();
  project.write('w.json', workflow);
  project.git('add', '.');
  const served = temporaryFolder();
  const { url, asked } = await gitServer(served);
  const pack = project.clone('custom_nodes/Impact', { '__init__.py': 'then' }, `${url}/Impact`);
  const commit = pack.git('rev-parse', 'HEAD');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  pack.commit({ '__init__.py': 'now' });
  pack.git('clone', '--quiet', '--bare', '.', join(served, 'Impact'));
  project.git('config', 'comfy.source', url);
  return { project, pack, commit, asked };
}

async function provide(project: ComfyProject, words: string[] = [], talk: Partial<Context['talk']> = {}) {
  const output = { color: true, width: 80, interactive: true };
  const { context, out, err } = captured(project.path, { output });
  const code = await run({ ...context, talk: { ...context.talk, ...talk } }, ['provide', ...words]);
  return { code, out: out(), err: err() };
}

const placeOf = ({ project, commit }: Scene) => join(project.path, `.git/comfy/packs/Impact-${commit.slice(0, 12)}`);
const stateOf = (pack: TestRepository) => [
  pack.git('status', '--porcelain'),
  pack.git('rev-parse', 'HEAD'),
  pack.read('__init__.py'),
];

test('a pack is checked out beside, at the locked commit, from the clone that is here', async () => {
  const scene = await movedPack();
  const before = stateOf(scene.pack);
  const { code, out } = await provide(scene.project, ['--yes']);
  expect(out).toContain('checked out from your own clone');
  expect(code).toBe(0);
  expect(readFileSync(join(placeOf(scene), '__init__.py'), 'utf8')).toBe('then');
  expect(repositoryAt(placeOf(scene)).git('rev-parse', 'HEAD')).toBe(scene.commit);
  expect(stateOf(scene.pack)).toEqual(before);
  expect(readdirSync(join(scene.project.comfy, 'custom_nodes'))).toEqual(['Impact']);
  expect(scene.asked).toEqual([]);
});

test('what was checked out needs the other clone no more', async () => {
  const scene = await movedPack();
  await provide(scene.project, ['--yes']);
  scene.project.remove('custom_nodes/Impact');
  const there = repositoryAt(placeOf(scene));
  expect(there.git('fsck', '--connectivity-only')).not.toContain('missing');
  expect(there.git('status', '--porcelain')).toBe('');
});

test('a disabled pack is a clone that may have the commit', async () => {
  const scene = await movedPack();
  const custom = join(scene.project.comfy, 'custom_nodes');
  renameSync(join(custom, 'Impact'), join(custom, 'Impact.disabled'));
  expect((await provide(scene.project, ['--yes'])).out).toContain('checked out from your own clone');
  expect(scene.asked).toEqual([]);
});

test('a pack that is not here is fetched', async () => {
  const scene = await movedPack();
  scene.project.remove('custom_nodes/Impact');
  const { code, out } = await provide(scene.project, ['--yes']);
  expect(out).toContain('checked out from http://127.0.0.1');
  expect(code).toBe(0);
  expect(readFileSync(join(placeOf(scene), '__init__.py'), 'utf8')).toBe('then');
});

test('a commit that is nowhere any more is said, and leaves nothing', async () => {
  const scene = await movedPack();
  const text = scene.project.read('comfy.lock').replaceAll(scene.commit, 'a'.repeat(40));
  scene.project.write('comfy.lock', text);
  const { code, out } = await provide(scene.project, ['--yes']);
  expect(code).toBe(1);
  expect(out).toContain('failed');
  expect(readdirSync(join(scene.project.path, '.git/comfy/packs'))).toEqual([]);
});

test('nothing is checked out before somebody agrees, and one consent is for one commit', async () => {
  const scene = await movedPack();
  const refused = await provide(scene.project);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.out).toContain('nobody has agreed to check out');
  expect(existsSync(placeOf(scene))).toBe(false);
  const questions: string[] = [];
  const confirm = async (question: string) => questions.push(question) > 0;
  expect((await provide(scene.project, [], { confirm })).code).toBe(0);
  expect(questions).toEqual([expect.stringContaining(`/Impact at ${scene.commit.slice(0, 12)}?`)]);
  // Taken away, it comes again without a question; another commit is another question.
  renameSync(placeOf(scene), join(temporaryFolder(), 'gone'));
  expect((await provide(scene.project)).code).toBe(0);
  const other = scene.pack.git('rev-parse', 'HEAD');
  scene.project.write('comfy.lock', scene.project.read('comfy.lock').replaceAll(scene.commit, other));
  scene.pack.git('reset', '--quiet', '--hard', scene.commit);
  expect((await provide(scene.project)).out).toContain('nobody has agreed');
});

test('the plan is shown before the question', async () => {
  const scene = await movedPack();
  const order: string[] = [];
  const say = (line: string) => order.push(line);
  const confirm = async () => order.push('?') < 0;
  await provide(scene.project, [], { say, confirm });
  expect(order[0]).toBe('comfy.lock: 1 repository to check out');
  expect(order.at(-1)).toBe('?');
  expect(order.join('')).not.toContain('\u001b');
});

test('what is there already is not made again, and what was edited there stays', async () => {
  const scene = await movedPack();
  await provide(scene.project, ['--yes']);
  expect(await provide(scene.project, ['--yes'])).toMatchObject({ code: 0, out: expect.stringContaining('is in ') });
  writeFileSync(join(placeOf(scene), 'mine.py'), 'mine');
  const { code, out } = await provide(scene.project, ['--yes']);
  expect(out).toContain('was edited, and stays as it is');
  expect(code).toBe(1);
});

test('nothing of a pack runs: hooks, filters, monitors, submodules, what its clone configures', async () => {
  const scene = await movedPack();
  const { project, pack } = scene;
  const traps = temporaryFolder();
  const trap = join(traps, 'trap.sh');
  writeFileSync(trap, `#!/bin/sh\n: >'${join(traps, 'SPRUNG')}'\ncat\n`);
  chmodSync(trap, 0o755);
  pack.git('config', 'core.fsmonitor', trap);
  pack.git('config', 'core.sshCommand', trap);
  pack.git('config', 'uploadpack.packObjectsHook', trap);
  pack.git('config', 'remote.origin.promisor', 'true');
  pack.git('config', 'remote.origin.uploadpack', trap);
  pack.git('config', 'filter.trap.smudge', trap);
  // The person's own filter would be run by the attributes of the pack.
  project.git('config', '--global', 'filter.trap.smudge', trap);
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change']) {
    const path = join(pack.path, '.git/hooks', hook);
    writeFileSync(path, `#!/bin/sh\nexec '${trap}'\n`);
    chmodSync(path, 0o755);
  }
  const modules = '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% SPRUNG\n';
  pack.git('-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'checkout', '--quiet', '-b', 'trap');
  pack.write('.gitattributes', '* filter=trap\n');
  pack.write('.gitmodules', modules);
  const quietly = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'filter.trap.smudge='];
  pack.git(...quietly, 'add', '.');
  pack.git(...quietly, 'commit', '--quiet', '-m', 'traps');
  const commit = pack.git(...quietly, 'rev-parse', 'HEAD');
  pack.git(...quietly, 'reset', '--quiet', '--hard', scene.commit);
  project.write('comfy.lock', project.read('comfy.lock').replaceAll(scene.commit, commit));
  expect(readdirSync(traps)).toEqual(['trap.sh']);
  const { code, out } = await provide(project, ['--yes']);
  project.git('config', '--global', '--remove-section', 'filter.trap');
  expect(out).toContain('checked out from your own clone');
  expect(code).toBe(0);
  expect(readdirSync(traps)).toEqual(['trap.sh']);
});

test.each([
  ["ext::sh -c 'touch /tmp/x'", 'is no https or ssh address'],
  ['--upload-pack=touch x', 'is no https or ssh address'],
  ['file:///etc', 'it is file and not https'],
  ['/etc', 'is no https or ssh address'],
  ['http://github.com/l/Impact', 'it is http and not https'],
  ['git://github.com/l/Impact', 'it is git and not https'],
  ['https://user:token@github.com/l/Impact', 'there are credentials in it'],
  ['https://127.0.0.1/l/Impact', '127.0.0.1 is no public host'],
  ['https://localhost/l/Impact', 'localhost is no public host'],
  ['ssh://-oProxyCommand=touch/x', 'that is no plain ssh address'],
  ['git@-oProxyCommand=x:l/Impact', 'is no https or ssh address'],
])('a lock that names %s is refused', async (address, why) => {
  const scene = await movedPack();
  const text = scene.project.read('comfy.lock');
  scene.project.write('comfy.lock', text.replace(/repository: .*/, `repository: ${JSON.stringify(address)}`));
  const { code, out } = await provide(scene.project, ['--yes']);
  expect(out).toContain(why);
  expect(code).toBe(1);
  expect(existsSync(join(scene.project.path, '.git/comfy/packs'))).toBe(false);
});

test('a pack whose name leads elsewhere stays in its folder', async () => {
  const scene = await movedPack();
  const { project } = scene;
  project.write('comfy.lock', project.read('comfy.lock').replaceAll('  Impact:', '  ../../../escape:'));
  const { out } = await provide(project, ['--yes']);
  expect(out).toContain('done');
  expect(readdirSync(join(project.path, '.git/comfy/packs'))).toEqual([`__.._.._escape-${scene.commit.slice(0, 12)}`]);
});

test('edits that nobody committed cannot be provided, and are said', async () => {
  const { project, pack } = await movedPack();
  pack.write('__init__.py', 'edited');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet, update: 'all' });
  pack.git('checkout', '--quiet', '--', '.');
  expect((await provide(project, ['--yes'])).out).toContain('it had edits of its own');
});
