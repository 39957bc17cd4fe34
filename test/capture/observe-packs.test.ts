import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { observePacks } from '../../src/capture/observe-packs.js';
import type { PackEntry } from '../../src/lock/entries.js';
import { readLock } from '../../src/lock/lockfile.js';
import { needsOf } from '../../src/lock/needs.js';
import { parseJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { type ComfyProject, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { repositoryAt, temporaryFolder } from '../support/git.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function packsOf(project: ComfyProject): Promise<Record<string, PackEntry>> {
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  return Object.fromEntries(readLock(project.read('comfy.lock')).packs);
}

/** A repository whose one workflow has nodes of these classes, and says nothing of their packs. */
function projectWith(...classes: string[]): ComfyProject {
  const project = makeProject();
  project.write('w.json', promptOf(...classes.map((name) => [name, {}] as const)));
  project.git('add', '.');
  project.put('nodes.py', 'NODE_CLASS_MAPPINGS = {"VAEDecode": VAEDecode}\n');
  return project;
}

test('a class is found in the mappings of an installed pack', async () => {
  const project = projectWith('Sharpen+', 'VAEDecode');
  project.put('custom_nodes/essentials/__init__.py', 'from .nodes import *\n');
  project.put('custom_nodes/essentials/sub/nodes.py', 'NODE_CLASS_MAPPINGS = {"Sharpen+": Sharpen}\n');
  project.put('custom_nodes/odd/__init__.py', 'x = {"VAEDecode": 1}\n');
  expect(Object.keys(await packsOf(project))).toEqual(['essentials']);
});

test('what only may become a mapping is a guess, a sure one is preferred, and of two sure ones none is named', async () => {
  const project = projectWith('Likely', 'Sure', 'Both', 'Power Node (brand)');
  project.put('custom_nodes/likely/__init__.py', 'CONFIG = {"Likely": {"class": A}, "Sure": 1}\n');
  project.put('custom_nodes/sure/__init__.py', 'NODE_CLASS_MAPPINGS = {"Sure": A}\n');
  for (const twin of ['one', 'two'])
    project.put(`custom_nodes/${twin}/__init__.py`, 'NODE_CLASS_MAPPINGS["Both"] = A\n');
  project.put('custom_nodes/brand-nodes/power.py', 'class A:\n  NAME = get_name("Power Node")\n');
  const packs = await packsOf(project);
  expect(Object.entries(packs).map(([key, { guess }]) => [key, guess])).toEqual([
    ['brand-nodes', true],
    ['likely', true],
    ['sure', undefined],
  ]);
});

test('a class in no pack is looked up in the map of ComfyUI-Manager, the newest on disk', async () => {
  const project = projectWith('Far', 'Two', 'Hidden');
  const map = (entries: object) => JSON.stringify(entries);
  project.put(
    'custom_nodes/ComfyUI-Manager/extension-node-map.json',
    map({ 'https://github.com/old/far': [['Far'], {}] }),
  );
  utimesSync(join(project.comfy, 'custom_nodes/ComfyUI-Manager/extension-node-map.json'), 1, 1);
  project.put(
    'user/default/ComfyUI-Manager/cache/12_extension-node-map.json',
    map({
      'https://github.com/new/far-nodes': [['Far', 'Two'], { title_aux: 'Far' }],
      'https://github.com/new/two': [['Two'], {}],
      'ext::evil': [['Hidden'], {}],
      odd: 3,
    }),
  );
  expect(await packsOf(project)).toEqual({
    'far-nodes': { repository: 'https://github.com/new/far-nodes', missing: true, guess: true },
  });
});

test('the map of a Manager that is a package of Python counts too', async () => {
  const project = projectWith('Far');
  project.put(
    'venv/lib/python3.12/site-packages/comfyui_manager/extension-node-map.json',
    JSON.stringify({ 'https://github.com/new/far-nodes.git': [['Far'], {}] }),
  );
  expect(await packsOf(project)).toEqual({
    'far-nodes': { repository: 'https://github.com/new/far-nodes.git', missing: true, guess: true },
  });
});

test('a guess is certain once the workflow says it', async () => {
  const project = projectWith('Likely');
  project.put('custom_nodes/likely/__init__.py', 'CONFIG = {"Likely": A}\n');
  expect((await packsOf(project))['likely']).toMatchObject({ guess: true });
  const node = { id: 1, type: 'Likely', inputs: [], outputs: [], properties: { cnr_id: 'likely' } };
  project.write('w.json', JSON.stringify({ version: 0.4, nodes: [node], links: [] }));
  project.git('add', '.');
  expect((await packsOf(project))['likely']).not.toHaveProperty('guess');
});

test.each(['custom_nodes/essentials.disabled', 'custom_nodes/.disabled/essentials@1_2_0'])(
  '%s is disabled',
  async (path) => {
    const project = makeProject();
    const node = { id: 1, type: 'Sharpen+', inputs: [], outputs: [], properties: { cnr_id: 'essentials' } };
    project.write('w.json', JSON.stringify({ version: 0.4, nodes: [node], links: [] }));
    project.git('add', '.');
    project.put(`${path}/__init__.py`, '');
    expect(await packsOf(project)).toEqual({ essentials: { missing: true, disabled: true } });
  },
);

test('a commit reads no text again, and still sees the pack that the lock has for the class', async () => {
  const project = projectWith('Sharpen+');
  project.clone('custom_nodes/essentials', { '__init__.py': 'NODE_CLASS_MAPPINGS = {"Sharpen+": A}\n' });
  await packsOf(project);
  const pack = repositoryAt(join(project.comfy, 'custom_nodes/essentials'));
  const commit = pack.commit({ '__init__.py': 'NODE_CLASS_MAPPINGS = make()\n' });
  const lock = readLock(project.read('comfy.lock'));
  const needs = needsOf(new Map([['w.json', readPrompt(parseJson(project.read('w.json')))]]));
  const { installation } = await project.around();
  const seen = await observePacks(needs, new Map(), lock, installation, false);
  expect(seen.get('essentials')?.commit).toBe(commit);
  expect(await observePacks(needs, new Map(), { ...lock, workflows: new Map() }, installation, false)).toEqual(
    new Map(),
  );
});

test('packs of extra_model_paths.yaml are packs, single files too', async () => {
  const project = projectWith('One', 'Two');
  project.put('extra_model_paths.yaml', 'more:\n  base_path: more\n  custom_nodes: nodes\n');
  project.put('more/nodes/one/__init__.py', 'NODE_CLASS_MAPPINGS = {"One": A}\n');
  const two = 'NODE_CLASS_MAPPINGS = {"Two": A}\n';
  project.put('more/nodes/two.py', two);
  const packs = await packsOf(project);
  expect(Object.keys(packs)).toEqual(['one', 'two']);
  expect(packs['two']).toEqual({ tree: `sha256:${sha256(two)}` });
});

test.each([
  ['in process', false],
  ['by git', true],
])('nothing of a pack runs, whatever it sets up: read %s', async (_, included) => {
  const project = projectWith('Trap');
  const ran = join(temporaryFolder(), 'ran');
  const code = `import os; os.system("touch ${ran}")\nNODE_CLASS_MAPPINGS = {"Trap": A}\n`;
  const pack = project.clone(
    'custom_nodes/trap',
    {
      '__init__.py': code,
      'prestartup_script.py': code,
      'setup.py': code,
      '.gitattributes': '*.py filter=evil diff=evil\n',
    },
    'https://ada:secret@example.org/trap.git',
  );
  const head = pack.git('rev-parse', 'HEAD');
  const git = join(project.comfy, 'custom_nodes/trap/.git');
  const trip = join(git, 'trip.sh');
  writeFileSync(trip, `#!/bin/sh\ntouch '${ran}'\ncat\n`);
  chmodSync(trip, 0o755);
  layTraps(pack, git, trip, included);
  pack.write('__init__.py', `${code}# edited\n`);
  for (const name of ['git', 'python', 'python3', 'node'])
    symlinkSync(trip, join(project.comfy, 'custom_nodes/trap', name));
  rmSync(ran, { force: true });
  const before = (await packsOf(project))['trap'];
  expect(before).toMatchObject({ commit: head, repository: 'https://example.org/trap.git', branch: 'main' });
  expect(before?.dirty).toMatch(/^sha256:/);
  expect(existsSync(ran)).toBe(false);
  // The wires are live: plain git trips over them.
  spawnSync('git', ['status'], { cwd: join(project.comfy, 'custom_nodes/trap') });
  expect(existsSync(ran)).toBe(true);
});

/** Everything with which a repository's own configuration can have git start a program. */
function layTraps(pack: ReturnType<ComfyProject['clone']>, git: string, trip: string, included: boolean): void {
  for (const hook of [
    'post-index-change',
    'post-checkout',
    'pre-commit',
    'reference-transaction',
    'fsmonitor-watchman',
  ]) {
    mkdirSync(join(git, 'hooks'), { recursive: true });
    writeFileSync(join(git, 'hooks', hook), `#!/bin/sh\n${trip}\n`, { mode: 0o755 });
  }
  const settings = `[core]\n\tfsmonitor = ${trip}\n[filter "evil"]\n\tclean = ${trip}\n\tprocess = ${trip}\n`;
  writeFileSync(join(git, 'more'), settings);
  // What includes other files is not read in process.
  if (included) pack.git('config', 'include.path', 'more');
  else appendFileSync(join(git, 'config'), settings);
  for (const key of [
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'diff.evil.textconv',
    'diff.external',
    'credential.helper',
    'gpg.program',
  ]) {
    pack.git('config', key, trip);
  }
  for (const name of ['status', 'rev-parse', 'config', 'symbolic-ref']) pack.git('config', `alias.${name}`, `!${trip}`);
  writeFileSync(
    join(git, '../.gitmodules'),
    `[submodule "sub"]\n\tpath = sub\n\turl = ext::${trip}\n\tupdate = !${trip}\n`,
  );
  pack.git('config', 'submodule.sub.update', `!${trip}`);
  pack.git('config', 'submodule.recurse', 'true');
  mkdirSync(join(git, '../sub/.git'), { recursive: true });
  writeFileSync(join(git, '../sub/.git/config'), `[core]\n\tfsmonitor = ${trip}\n`);
}

test('pipes and endless lists in a pack keep nobody waiting', async () => {
  const project = projectWith('Pipe');
  project.put('custom_nodes/pipe/__init__.py', 'NODE_CLASS_MAPPINGS = {"Pipe": A}\n');
  for (const name of ['pyproject.toml', '.tracking', 'nodes.py', '.git/HEAD']) {
    mkdirSync(join(project.comfy, 'custom_nodes/pipe/.git'), { recursive: true });
    spawnSync('mkfifo', [join(project.comfy, 'custom_nodes/pipe', name)]);
  }
  expect(await packsOf(project)).toHaveProperty('pipe');
});
