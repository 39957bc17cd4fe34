import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { askCapturePack } from '../../src/comfyui/capture-pack.js';
import { plainArguments } from '../../src/comfyui/environment.js';
import type { Installation } from '../../src/comfyui/installation.js';
import { readPythons } from '../../src/comfyui/python-files.js';
import { serverEnvironment } from '../../src/comfyui/server-environment.js';
import { temporaryFolder } from '../support/git.js';
import { handMade } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';

/** Empty files below a folder. */
function makeFiles(...paths: string[]): string {
  const folder = temporaryFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path.endsWith('pyvenv.cfg') ? 'home = /usr/bin\nversion = 3.11.7\n' : '');
  }
  return folder;
}

const info = (name: string) => `${name}.dist-info/METADATA`;
const site = 'venv/lib/python3.11/site-packages';
const venv = ['venv/pyvenv.cfg', `${site}/${info('torch-2.9.1+cpu')}`, `${site}/${info('Typing_Extensions-4.16.0')}`];

const installation = (root: string): Installation => ({
  ...{
    root,
    modelFolders: new Map(),
    input: join(root, 'input'),
    output: join(root, 'output'),
    temp: join(root, 'temp'),
  },
  customNodes: [],
});

test.each([
  ['a virtual environment', '', venv, '3.11.7'],
  [
    'the portable build for Windows',
    'ComfyUI',
    [
      'python_embeded/python311._pth',
      `python_embeded/Lib/site-packages/${info('torch-2.9.1+cpu')}`,
      `python_embeded/Lib/site-packages/${info('typing_extensions-4.16.0')}`,
    ],
    '3.11',
  ],
  [
    'an older layout',
    '',
    [
      `.venv/lib/python3.11/site-packages/${info('torch-2.9.1+cpu')}`,
      '.venv/lib/python3.11/site-packages/typing_extensions-4.16.0-py3.11.egg-info/PKG-INFO',
    ],
    '3.11',
  ],
])('packages of %s are read from the names of their folders', async (_, root, paths, version) => {
  const folder = makeFiles(...paths);
  expect(await readPythons([join(folder, root)], undefined)).toEqual([
    { packages: { torch: '2.9.1+cpu', 'typing-extensions': '4.16.0' }, version },
  ]);
});

test.each(['bin/python3', 'bin/python', ''])('comfy.python names a Python anywhere: %s', async (program) => {
  const folder = makeFiles(`lib/python3.12/site-packages/${info('torch-2.9.1')}`);
  const [found] = await readPythons(['/nowhere'], join(folder, program));
  expect(found).toEqual({ packages: { torch: '2.9.1' }, version: '3.12' });
});

test('of two of one name the one counts that Python finds first', async () => {
  const [own, packed] = ['local/lib/python3.11/dist-packages', 'lib/python3/dist-packages'];
  const folder = makeFiles(
    `${own}/${info('numpy-2.4.6')}`,
    `${packed}/${info('numpy-1.24.2')}`,
    `${packed}/${info('six-1.16.0')}`,
    'lib/python3.11/os.py',
  );
  expect(await readPythons([], join(folder, 'bin/python3'))).toEqual([
    { packages: { numpy: '2.4.6', six: '1.16.0' }, version: '3.11' },
  ]);
});

test('packages on disk count where they are those of the Python that the server runs', async () => {
  const { url } = await startComfy();
  const asked = async (root: string) => serverEnvironment({ url }, { installation: installation(root) });
  expect((await asked(makeFiles(...venv))).packages).toEqual({ torch: '2.9.1+cpu', 'typing-extensions': '4.16.0' });
  const other = await asked(makeFiles('venv/pyvenv.cfg', `${site}/${info('torch-2.8.0')}`));
  expect(other).toMatchObject({
    notCaptured: { packages: expect.stringContaining('not the one that the server runs') },
  });
  const none = await asked(makeFiles());
  expect(none).toMatchObject({ notCaptured: { packages: expect.stringContaining('comfy.python') } });
  expect([other.packages, none.packages]).toEqual([undefined, undefined]);
});

test('of several Pythons the one counts that the server runs', async () => {
  const { url } = await startComfy();
  const other = `.venv/lib/python3.10/site-packages/${info('torch-2.9.1')}`;
  const root = makeFiles(other, ...venv);
  expect((await serverEnvironment({ url }, { installation: installation(root) })).packages).toHaveProperty(
    'typing-extensions',
  );
});

test('the capture pack tells packages, flags and driver; what the server says itself stays', async () => {
  const { url } = await startComfy({ 'custom_nodes/git-comfy-capture/__init__.py': '' });
  expect(await serverEnvironment({ url }, {})).toMatchObject({
    pack: '1.0.0',
    python: '3.11.7 (simulated)',
    packages: { numpy: '2.4.6' },
    flags: { threads: '1' },
    devices: ['simulated (no model runs here)'],
    arguments: ['--cpu', '--simulated'],
  });
});

test.each([
  ['no JSON', 'text/html', '<html>'],
  ['JSON that is cut short', 'application/json', '{"pack": "1.0'],
  ['a list', 'application/json', '[]'],
  ['no version', 'application/json', '{"environment": {}}'],
])('an answer that is %s is that of no capture pack', async (_, type, body) => {
  const url = await handMade((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
  expect(await askCapturePack({ url })).toBeUndefined();
});

test('what is no word, no hash, too long or too many is left out, and the rest stays', async () => {
  const answer = {
    pack: '9'.repeat(100),
    environment: {
      python: { __proto__: 1 },
      driver: 'x'.repeat(1000),
      cuda: '12.8',
      packages: Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`p${at}`, '1'])),
      arguments: ['--cpu', '--api-token', 'abc', '--base-directory=/home/ada'],
    },
    comfyui: { commit: '--upload-pack=x', tree: 'sha256:no' },
    packs: { fine: { commit: 'a'.repeat(40), edited: true }, bad: 3 },
  };
  const url = await handMade((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
  );
  const pack = await askCapturePack({ url });
  expect(pack?.environment).toEqual({ cuda: '12.8', arguments: ['--cpu'], pack: '9'.repeat(40) });
  expect(pack?.comfyui).toEqual({ notCaptured: 'the capture pack found no commit of it' });
  expect(pack?.packs.get('fine')).toMatchObject({
    commit: 'a'.repeat(40),
    notCaptured: expect.stringContaining('edited'),
  });
  expect(pack?.packs.get('bad')).toHaveProperty('notCaptured');
});

test('arguments that name folders, addresses or credentials are left out with their values', () => {
  const words =
    '--cpu --listen 10.0.0.7 --port 8188 --output-directory /srv/out --api-key abc --hf-token=def --cache-lru 5';
  expect(plainArguments(words.split(' '))).toEqual(['--cpu', '--cache-lru', '5']);
});
