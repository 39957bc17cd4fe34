import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reproduceCommand } from '../../src/commands/reproduce.js';
import { privateArguments } from '../../src/reproduce/private/private-arguments.js';
import type { AllReproduced } from '../../src/reproduce/reproduction.js';
import { captured } from '../support/context.js';
import { fakePython } from '../support/fake-python.js';
import { temporaryFolder } from '../support/git.js';
import { interrupt, start, until } from '../support/processes.js';
import { buildScene, copyScene, type Scene, sceneAt } from '../support/scene.js';

// The private ComfyUI is a process of its own; the simulator plays it.

let template = '';
let python = '';
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'git-comfy-private-'));
  sceneAt(template).put('comfy/cli_args.py', '"--base-directory" "--port" "--extra-model-paths-config" "--cpu"\n');
  await buildScene(template);
  python = fakePython(join(template, 'python'));
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

/** The scene, with the pack that was cloned moved on by a commit. */
function movedOn(): Scene {
  const scene = copyScene(template, join(temporaryFolder(), 'scene'));
  execFileSync('git', ['config', 'comfy.python', python], { cwd: scene.repository });
  scene.put('custom_nodes/Clone/__init__.py', '# other\n');
  scene.git('custom_nodes/Clone', 'commit', '--quiet', '--all', '-m', 'update');
  return scene;
}

async function reproduce(scene: Scene, options = {}, overrides = {}) {
  const env = { ...process.env, GIT_COMFY_SERVER: 'http://127.0.0.1:9', XDG_CACHE_HOME: join(scene.folder, 'cache') };
  const { context, err } = captured(scene.repository, { env, ...overrides });
  const answer = await reproduceCommand.run(context, {
    args: ['picture.png'],
    options: { packs: 'worktree', ...options },
  });
  return { ...answer, found: (answer.result as AllReproduced).reproductions[0], err };
}

const privateFolder = (scene: Scene) => join(scene.repository, '.git/comfy/private');
const listing = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)
    .sort();

test('the pack as it was, with the user’s models: full, and nothing is written to the user’s ComfyUI', async () => {
  const scene = movedOn();
  const before = listing(scene.comfy);
  const { found, exit } = await reproduce(scene, { yes: true });
  expect(found).toMatchObject({ expected: { grade: 'full', differences: [] }, grade: 'full', reasons: [] });
  expect(exit).toBe(0);
  expect(listing(scene.comfy)).toEqual(before);
  expect(readdirSync(privateFolder(scene))).toEqual([]);
});

test('asks once for a repository and commit; where nobody agrees nothing runs', async () => {
  const scene = movedOn();
  await expect(reproduce(scene)).rejects.toMatchObject({
    code: 'not-agreed',
    message: expect.stringMatching(/^nobody has agreed to run pack Clone from \S+ at [0-9a-f]{12}$/),
    hint: expect.stringContaining('--yes'),
  });
  const asked: string[] = [];
  const confirm = async (question: string) => asked.push(question) > 0;
  const talk = { ...captured('.').context.talk, confirm };
  expect((await reproduce(scene, {}, { talk })).found?.grade).toBe('full');
  expect((await reproduce(scene, {}, { talk })).found?.grade).toBe('full');
  expect(asked).toHaveLength(1);
});

test('a missing requirement is named, and the private ComfyUI is ended', async () => {
  const scene = movedOn();
  const env = { ...process.env, FAKE_PYTHON_FAILS: '1', GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  await expect(reproduce(scene, { yes: true }, { env })).rejects.toMatchObject({
    code: 'missing-requirement',
    message: expect.stringContaining('needs the Python module einops'),
    hint: expect.stringContaining(`${python} -m pip install einops`),
  });
  expect(readdirSync(privateFolder(scene))).toEqual([]);
});

test('a dry run says what would be checked out and run, does nothing, and needs no ComfyUI that runs', async () => {
  const scene = movedOn();
  scene.remove('models/loras/ink.safetensors');
  scene.move('input/refs/pose.png', 'input/poses/standing.png');
  const { found, err, text, exit } = await reproduce(scene, { dryRun: true });
  expect(err()).toMatch(
    /check out pack Clone at [0-9a-f]{12} in .*\n(?:.*\n)*run pack Clone from .*, once you agreed\nstart ComfyUI from /,
  );
  const lora = 'LoRA ink.safetensors: no such file in any model folder';
  const pose = "input refs/pose.png: no longer there, its content is poses/standing.png in ComfyUI's input folder";
  // Code will be as it was then; nothing is said of it, nor of the machine.
  expect(found?.expected).toMatchObject({ grade: 'partial', differences: [{ text: lora }, { text: pose }] });
  expect(text).toMatch(
    /\n {2}verify \d+ models, 1 input: done, see above; packs, nodes, environment: once it runs\n(?:.*\n)*? {2}queue 14 nodes on a private ComfyUI,/,
  );
  expect([exit, found?.plan?.compare]).toMatchObject([0, [{ with: 'file' }]]);
  expect(existsSync(privateFolder(scene))).toBe(false);
});

/** Processes whose arguments name the private folder. */
const privates = (scene: Scene) =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(privateFolder(scene)));

test.each(['Ctrl-C', 'SIGKILL'])('ended by %s, the private ComfyUI ends too', async (how) => {
  const scene = movedOn();
  const env = { GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  const running = start(scene.repository, ['reproduce', 'picture.png', '--packs=worktree', '--yes'], env);
  await until(() => privates(scene).length > 0);
  if (how === 'Ctrl-C') await interrupt(running);
  else process.kill(running.pid, 'SIGKILL');
  await until(() => privates(scene).length === 0);
  if (how === 'Ctrl-C') expect(readdirSync(privateFolder(scene))).toEqual([]);
});

test('what a killed program left is taken away by the next; --keep keeps the folder with its log', async () => {
  const scene = movedOn();
  await reproduce(scene, { yes: true, keep: true });
  const [kept = ''] = readdirSync(privateFolder(scene));
  expect(kept).toMatch(/\.kept$/);
  const host = kept.split('-')[0];
  execFileSync('mkdir', [join(privateFolder(scene), `${host}-999999999.abcd`)]);
  await reproduce(scene, { yes: true });
  expect(readdirSync(privateFolder(scene))).toEqual([kept]);
  expect(readFileSync(join(privateFolder(scene), kept, 'extra_model_paths.yaml'), 'utf8')).toContain('"checkpoints"');
});

test('without a Python, and where a pack was edited: what to type, in a dry run too', async () => {
  const scene = movedOn();
  execFileSync('git', ['config', 'comfy.python', '/nowhere/python'], { cwd: scene.repository });
  await expect(reproduce(scene)).rejects.toMatchObject({
    code: 'no-python',
    hint: expect.stringContaining('comfy.python'),
  });
  writeFileSync(join(scene.comfy, 'custom_nodes/Plain/__init__.py'), '# mine\n');
  execFileSync('git', ['config', 'comfy.python', python], { cwd: scene.repository });
  for (const dryRun of [false, true]) {
    await expect(reproduce(scene, { dryRun })).rejects.toMatchObject({
      code: 'packs-not-there',
      message: expect.stringContaining('pack Plain'),
      hint: expect.stringMatching(/./),
    });
  }
});

describe('arguments of a record', () => {
  const source = '"--cpu" "--reserve-vram" "--cache-lru" "--disable-all-custom-nodes" "--deterministic" "--listen"';

  test('those that decide the picture are handed on, as far as the version knows them', () => {
    const recorded = ['--cpu', '--reserve-vram', '1.5', '--cache-lru=10', '--fast', '--deterministic'];
    expect(privateArguments(recorded, source)).toEqual([
      '--cpu',
      '--reserve-vram',
      '1.5',
      '--cache-lru=10',
      '--deterministic',
    ]);
  });

  test('none that opens the machine, loads other code or carries more than a word', () => {
    const recorded = [
      '--listen',
      '0.0.0.0',
      '--disable-all-custom-nodes',
      '--cpu',
      '../x',
      '--reserve-vram=$(id)',
      'main.py',
    ];
    expect(privateArguments(recorded, source)).toEqual(['--cpu']);
  });
});
