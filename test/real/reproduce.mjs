// Three graphs on a real ComfyUI, made again: on the same server, after a pack moved on, and on a private instance with the pack's old commit.
// GIT_COMFY_REAL names ComfyUI's checkout, GIT_COMFY_REAL_PYTHON its Python; GIT_COMFY_PROGRAM another program than the one that was
// built here.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const checkout = process.env.GIT_COMFY_REAL;
const python = process.env.GIT_COMFY_REAL_PYTHON;
if (checkout === undefined || python === undefined) {
  console.error('name ComfyUI and its Python: GIT_COMFY_REAL=<checkout> GIT_COMFY_REAL_PYTHON=<python>');
  process.exit(2);
}
const program = process.env.GIT_COMFY_PROGRAM ?? fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'git-comfy-real-'));
// A copy with a history of its own: what is tried may not reach the checkout that was named, which may be incomplete too.
const comfy = join(folder, 'ComfyUI');
const base = join(folder, 'base');
const repository = join(folder, 'repository');
const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), GIT_CONFIG_GLOBAL: join(folder, 'gitconfig') };

const git = (cwd, ...args) => execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A node that darkens by a factor that stands in its code. */
const pack = (factor) => `class Darken:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"image": ("IMAGE",)}}
    RETURN_TYPES = ("IMAGE",)
    FUNCTION = "run"
    CATEGORY = "test"
    def run(self, image):
        return (image * ${factor},)
NODE_CLASS_MAPPINGS = {"Darken": Darken}
`;

const node = (class_type, inputs) => ({ class_type, inputs });
const noise = {
  1: node('EmptyImage', { width: 256, height: 192, batch_size: 1, color: 8421504 }),
  2: node('ImageAddNoise', { image: ['1', 0], seed: 18446744073709551000n, strength: 0.5 }),
};
const save = (from, prefix) => ({ 9: node('SaveImage', { images: [from, 0], filename_prefix: prefix }) });
const graphs = {
  noise: { ...noise, ...save('2', 'noise') },
  pipeline: {
    1: node('LoadImage', { image: 'reference.png' }),
    2: node('ImageScale', { image: ['1', 0], upscale_method: 'lanczos', width: 320, height: 240, crop: 'center' }),
    3: node('ImageBlur', { image: ['2', 0], blur_radius: 3, sigma: 1.5 }),
    4: node('ImageSharpen', { image: ['3', 0], sharpen_radius: 1, sigma: 1, alpha: 0.7 }),
    ...save('4', 'pipeline'),
  },
  pack: { ...noise, 3: node('Darken', { image: ['2', 0] }), ...save('3', 'pack') },
};
const text = (graph) =>
  JSON.stringify(graph, (_, value) => (typeof value === 'bigint' ? `#${value}#` : value)).replaceAll(
    /"#(\d+)#"/g,
    '$1',
  );

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

async function startComfy() {
  const port = await freePort();
  const args = [
    'main.py',
    '--cpu',
    '--port',
    port,
    '--base-directory',
    base,
    '--front-end-root',
    join(folder, 'front'),
  ];
  args.push('--database-url', `sqlite:///${base}/user/comfyui.db`, '--disable-api-nodes');
  const running = spawn(python, args.map(String), {
    cwd: comfy,
    env: { ...env, PYTHONPYCACHEPREFIX: join(folder, 'pycache') },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 600; tries++) {
    if (
      await fetch(`${url}/system_stats`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { url, stop: () => stopped(running) };
    await wait(250);
  }
  throw new Error('the real ComfyUI did not start');
}

const stopped = (running) =>
  new Promise((done) => {
    running.once('exit', done);
    running.kill();
  });

function comfyCommand(url, ...args) {
  const began = performance.now();
  let out = '';
  let status = 0;
  try {
    out = execFileSync(process.execPath, [program, ...args, '--json'], {
      cwd: repository,
      encoding: 'utf8',
      env: { ...env, GIT_COMFY_SERVER: url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    status = error.status;
    out = error.stdout;
    if (status > 1) console.error(error.stderr);
  }
  return { ...JSON.parse(out), status, seconds: (performance.now() - began) / 1000 };
}

let failures = 0;
function check(what, good, more = '') {
  if (!good) failures++;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${what}${more === '' ? '' : `: ${more}`}`);
}

function reproduced(url, picture, ...options) {
  const { result, error, seconds, status } = comfyCommand(url, 'reproduce', picture, ...options);
  const [found] = result?.reproductions ?? [];
  const metrics = found?.outputs?.[0]?.metrics;
  const words = `expected ${found?.expected.grade}, observed ${found?.grade}, ssim ${metrics?.ssim}, exit ${status}, ${seconds.toFixed(1)} s ${error?.message ?? ''} ${(found?.expected.differences ?? []).map(({ text }) => text).join('; ')}`;
  return { expected: found?.expected.grade, grade: found?.grade, metrics, words, status, result };
}

/** Every file below a folder with its size and time, to see that nothing is written there. */
const listing = (root) =>
  readdirSync(root, { recursive: true })
    .filter((name) => !/(^|\/)(\.git|output|temp|user)(\/|$)/.test(name))
    .map((name) => `${name} ${statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs}`)
    .sort()
    .join('\n');

/** Processes that were started for a private instance of this repository. */
const privates = () =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(join(repository, '.git/comfy/private')) && line.includes('main.py'));

async function until(what, condition) {
  for (let tries = 0; tries < 600; tries++) {
    if (condition()) return;
    await wait(100);
  }
  throw new Error(`waited in vain: ${what}`);
}

async function setUp() {
  put(join(folder, 'gitconfig'), '[user]\nname = t\nemail = t@example.org\n');
  put(join(folder, 'front/index.html'), '<!doctype html>');
  const filter = (path) => !/\/(?:\.git|__pycache__)$/.test(path);
  cpSync(checkout, comfy, { recursive: true, filter });
  git(comfy, 'init', '--quiet');
  git(comfy, 'add', '.');
  git(comfy, 'commit', '--quiet', '-m', 'ComfyUI');
  for (const name of ['models', 'input', 'output', 'temp', 'user', 'custom_nodes'])
    mkdirSync(join(base, name), { recursive: true });
  const here = join(base, 'custom_nodes/Darken');
  put(join(here, '__init__.py'), pack(0.5));
  git(here, 'init', '--quiet');
  git(here, 'add', '.');
  git(here, 'commit', '--quiet', '-m', 'one');
  cpSync(
    fileURLToPath(new URL('../fixtures/image/kinds/rgb-8.png', import.meta.url)),
    join(base, 'input/reference.png'),
  );
  mkdirSync(repository);
  git(repository, 'init', '--quiet');
  for (const [key, value] of [
    ['comfy.directory', comfy],
    ['comfy.python', python],
  ])
    git(repository, 'config', key, value);
  put(join(repository, '.gitattributes'), 'workflows/** -text filter=comfy\n');
  for (const [name, graph] of Object.entries(graphs)) put(join(repository, `workflows/${name}.json`), text(graph));
  git(repository, 'add', '.');
  git(repository, 'commit', '--quiet', '-m', 'graphs');
  return here;
}

let server;

async function main() {
  const here = await setUp();
  server = await startComfy();
  const pictures = {};
  for (const name of Object.keys(graphs)) {
    const { result, error } = comfyCommand(server.url, 'run', `workflows/${name}.json`);
    if (error !== undefined) throw new Error(`${name}: ${error.message}`);
    const made = readdirSync(join(base, 'output')).find((file) => file.startsWith(name));
    pictures[name] = join(base, 'output', made ?? JSON.stringify(result));
  }
  for (const [name, picture] of Object.entries(pictures)) {
    const found = reproduced(server.url, picture);
    check(`${name}, nothing changed: full`, found.grade === 'full' && found.status === 0, found.words);
  }
  put(join(here, '__init__.py'), pack(0.9));
  git(here, 'commit', '--quiet', '--all', '-m', 'two');
  await server.stop();
  server = await startComfy();
  const moved = reproduced(server.url, pictures.pack);
  check('pack moved on: not full', moved.expected !== 'full' && moved.grade !== 'full', moved.words);
  const before = [listing(comfy), listing(join(base, 'custom_nodes'))];
  const asked = reproduced(server.url, pictures.pack, '--packs=worktree');
  check('nobody agreed: not run', asked.status === 2, asked.words);
  for (const [name, picture] of Object.entries(pictures)) {
    const found = reproduced(server.url, picture, '--packs=worktree', '--yes');
    check(`${name}, private instance: full`, found.grade === 'full' && found.status === 0, found.words);
  }
  check(
    'nothing was written to ComfyUI or its packs',
    listing(comfy) === before[0] && listing(join(base, 'custom_nodes')) === before[1],
  );
  check('no private process is left', privates().length === 0, privates().join('\n'));
  await killed(server.url, pictures.pack, 'SIGKILL');
  await killed(server.url, pictures.pack, 'SIGINT');
  console.log(`${failures === 0 ? 'all as expected' : `${failures} not as expected`}`);
}

/** The program is ended while its private instance starts. */
async function killed(url, picture, signal) {
  const args = [program, 'reproduce', picture, '--packs=worktree'];
  const running = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...env, GIT_COMFY_SERVER: url },
    stdio: 'ignore',
  });
  const over = new Promise((done) => running.once('exit', done));
  await until('the private instance', () => privates().length > 0);
  running.kill(signal);
  await over;
  await until('its end', () => privates().length === 0);
  const left = readdirSync(join(repository, '.git/comfy/private')).length;
  check(`${signal}: no process is left`, true, signal === 'SIGINT' ? `${left} folders left` : '');
}

try {
  await main();
} finally {
  await server?.stop();
  if (existsSync(folder) && failures === 0) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
