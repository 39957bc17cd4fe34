import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doctor } from '../../src/setup/doctor.js';
import { init } from '../../src/setup/init.js';
import { program, runProgram } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import { closedPort, simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';

const tools = (made: TestRepository) => captured(made.path, { program }).context;

async function prepared(): Promise<TestRepository> {
  const made = makeRepository();
  made.write('flows/a.json', smallWorkflow());
  await init(tools(made), { track: [], nested: false, dryRun: false });
  return made;
}

const wrong = async (made: TestRepository) =>
  (await doctor(tools(made), false)).findings.filter(({ state }) => state === 'wrong').map(({ text }) => text);

test('a repository that is set up is fine', async () => {
  const made = await prepared();
  const { ok, findings } = await doctor(tools(made), false);
  expect(ok).toBe(true);
  expect(findings.map(({ text }) => text)).toContain('git can start git-comfy 0.1.0');
});

test("ComfyUI's server and its folders are named, and a server that is off is no fault", async () => {
  const made = await prepared();
  const { url, base } = await simulated();
  made.git('config', 'comfy.server', url);
  const said = async () => {
    const { ok, findings } = await doctor({ ...tools(made), env: {} }, false);
    expect(ok).toBe(true);
    return findings.map(({ text }) => text);
  };
  const texts = await said();
  expect(texts).toContain(`ComfyUI 0.8.0 answers at ${url.replace('http://', '')}`);
  expect(texts).toContain(`ComfyUI puts its outputs into ${join(base, 'output')}`);
  made.git('config', 'comfy.server', await closedPort());
  expect(await said()).toContain('no ComfyUI server answers');
});

test('one that is not set up is told so', async () => {
  const made = makeRepository();
  expect(await wrong(made)).toEqual(['this repository is not set up']);
});

test.each<[string, (made: TestRepository) => void, string]>([
  ['a hook', (made) => rmSync(join(made.path, '.git/hooks/pre-commit')), 'missing: install the hook pre-commit'],
  [
    'the filter',
    (made) => made.git('config', 'filter.comfy.required', 'false'),
    'missing: set up the filter that takes layouts out and puts them back',
  ],
  ['comfy.yaml', (made) => rmSync(join(made.path, 'comfy.yaml')), 'missing: write comfy.yaml'],
])('%s that is missing is named, and mended with --fix', async (_, damage, text) => {
  const made = await prepared();
  damage(made);
  expect(await wrong(made)).toEqual([text]);
  const fixed = await doctor(tools(made), true);
  expect(fixed.findings.filter(({ state }) => state === 'mended')).toHaveLength(1);
  expect(await wrong(made)).toEqual([]);
});

test('a launcher that does not start is named, and mended', async () => {
  const made = await prepared();
  made.write('.git/comfy/run', '#!/bin/sh\nexit 127\n');
  expect(await wrong(made)).toHaveLength(2);
  expect((await doctor(tools(made), true)).ok).toBe(true);
});

test('attributes that override ours, and workflows that came in raw, are named', async () => {
  const made = await prepared();
  made.write('flows/.gitattributes', '*.json -filter\n');
  expect(await wrong(made)).toEqual([expect.stringContaining('overrides flows/**/*.json')]);
  rmSync(join(made.path, 'flows/.gitattributes'));
  const blob = made.git('hash-object', '-w', '--no-filters', 'flows/a.json');
  made.git('update-index', '--add', '--cacheinfo', `100644,${blob},flows/a.json`);
  expect(await wrong(made)).toEqual([expect.stringContaining('1 workflow was committed with the layout inside')]);
});

test('a newer comfy.yaml is refused by name', async () => {
  const made = await prepared();
  made.write('comfy.yaml', 'normalForm: 2\n');
  await expect(doctor(tools(made), false)).rejects.toMatchObject({ code: 'settings-newer' });
});

test('the command ends with 1 where something is wrong, in a sub-folder and by --git-dir too', async () => {
  const made = await prepared();
  const from = join(made.path, 'flows');
  expect((await runProgram(from, ['doctor'])).code).toBe(0);
  rmSync(join(made.path, 'comfy.yaml'));
  const ran = await runProgram(from, ['doctor', '--json'], { GIT_DIR: '../.git', GIT_WORK_TREE: '..' });
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ command: 'doctor', ok: false, result: { ok: false } });
});

test('git finds the program as git comfy', async () => {
  const made = await prepared();
  const alias = `alias.comfy=!'${program.node}' '${program.script}'`;
  const text = execFileSync('git', ['-c', alias, 'comfy', 'doctor'], { cwd: made.path, encoding: 'utf8' });
  expect(text).toContain('everything that init writes is there');
});
