// Kills `git comfy provide` at a random moment, again and again (SIGKILL, to it and to every git that it started), and looks each time
// whether models, packs and repository are whole. At the end it runs to the end: nothing may be missing, and nothing left over.
//
//   node test/kill/provide.mjs [kills] [seed]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runKilled } from './run-killed.mjs';

const rounds = Number(process.argv[2] ?? 50);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-comfy-kill-')));
const comfy = join(folder, 'ComfyUI');
const project = join(folder, 'project');
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  ...{ HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), XDG_CONFIG_HOME: join(folder, 'config') },
  ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'), GIT_COMFY_SERVER: 'http://127.0.0.1:9' },
  ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
};

const git = (cwd, ...args) =>
  execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const put = (path, content) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
/** The same numbers for the same seed. */
let state = seed;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

/** Names that are to be linked, and to be fetched, each with its content. */
const linked = Object.fromEntries(
  [0, 1, 2].map((at) => [`loras/linked${at}.safetensors`, Buffer.alloc(200_000, `linked ${at} `)]),
);
const fetched = Object.fromEntries(
  [0, 1, 2].map((at) => [`loras/fetched${at}.safetensors`, Buffer.alloc(3_000_000, `fetched ${at} `)]),
);
const packs = ['First', 'Second', 'Third'];

const server = createServer(send).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const origin = `http://127.0.0.1:${server.address().port}`;

async function send(request, response) {
  const bytes = fetched[decodeURIComponent(request.url.slice(1))];
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (bytes === undefined) return response.writeHead(404).end();
  const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(start === 0 ? 200 : 206, {
    'content-length': bytes.length - start,
    ...(start === 0 ? {} : range),
  });
  for (let at = start; at < bytes.length && !response.destroyed; at += 65_536) {
    response.write(bytes.subarray(at, at + 65_536));
    await wait(2);
  }
  response.end();
}

/** What must never change, by path: the user's own models and packs. */
let own = new Map();
let commits = {};

function layOut() {
  for (const name of ['main.py', 'folder_paths.py']) put(join(comfy, name), '');
  const graph = {};
  for (const [name, bytes] of Object.entries({ ...linked, ...fetched })) {
    put(join(comfy, 'models', name), bytes);
    graph[Object.keys(graph).length + 1] = {
      class_type: 'LoraLoaderModelOnly',
      inputs: { lora_name: name.slice(6), strength_model: 1 },
    };
  }
  const nodes = packs.map((name, at) => ({
    id: at + 1,
    type: `${name}Node`,
    properties: { aux_id: `l/${name}` },
    inputs: [],
    outputs: [],
  }));
  for (const name of packs) layOutPack(name);
  put(join(project, 'graph.json'), JSON.stringify(graph));
  put(join(project, 'packs.json'), JSON.stringify({ nodes, links: [], version: 0.4, last_node_id: 3 }));
  put(join(project, '.gitattributes'), '*.json -text filter=comfy\n');
  git(project, 'init', '--quiet', '--initial-branch=main');
  git(project, 'config', 'comfy.directory', comfy);
  git(project, 'config', 'comfy.source', origin);
  git(project, 'add', '.');
  execFileSync(process.execPath, [program, 'lock'], { cwd: project, env, stdio: 'pipe' });
  const text = readFileSync(join(project, 'comfy.lock'), 'utf8');
  const withSources = text.replace(
    /^ {2}(loras\/fetched\d\.safetensors):\n/gm,
    `$&    sources:\n      - ${origin}/$1\n`,
  );
  writeFileSync(join(project, 'comfy.lock'), withSources);
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '-m', 'locked');
  commits = Object.fromEntries(
    packs.map((name) => [name, git(join(comfy, 'custom_nodes', name), 'rev-parse', 'HEAD')]),
  );
}

function layOutPack(name) {
  const path = join(comfy, 'custom_nodes', name);
  for (let at = 0; at < 40; at++) put(join(path, `file${at}.py`), `# ${name} ${at}\n`.repeat(200));
  git(path, 'init', '--quiet', '--initial-branch=main');
  git(path, 'add', '.');
  git(path, 'commit', '--quiet', '-m', 'then');
  git(path, 'remote', 'add', 'origin', `https://github.com/l/${name}`);
}

/** Renamed, deleted, updated: what provide is there for. */
function drift() {
  for (const [at, [name, bytes]] of Object.entries(linked).entries()) {
    rmSync(join(comfy, 'models', name), { force: true });
    put(join(comfy, 'models/loras/tidy', `renamed${at}.safetensors`), bytes);
  }
  for (const name of Object.keys(fetched)) rmSync(join(comfy, 'models', name), { force: true });
  for (const name of packs) {
    const path = join(comfy, 'custom_nodes', name);
    if (git(path, 'rev-parse', 'HEAD') !== commits[name]) continue;
    writeFileSync(join(path, 'file0.py'), '# now\n');
    git(path, 'commit', '--quiet', '--all', '-m', 'now');
  }
  rmSync(join(project, '.git/comfy/packs'), { recursive: true, force: true });
  rmSync(join(project, '.git/comfy/consents.jsonl'), { force: true });
}

const filesBelow = (root) =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    : [];

const digests = (root) => new Map(filesBelow(root).map((path) => [path, sha(readFileSync(path))]));

/** Everything that is wrong, a line each. */
function wrongs(finished) {
  const found = [];
  const wanted = new Map(
    Object.entries({ ...linked, ...fetched }).map(([name, bytes]) => [join(comfy, 'models', name), sha(bytes)]),
  );
  for (const [path, digest] of digests(join(comfy, 'models'))) {
    const right = own.get(path) ?? wanted.get(path);
    const isPart = /\/git-comfy-[0-9a-f]{24}(?:\.[0-9a-f]{8}-\d+)?\.part$/.test(path);
    if (right !== digest && !(isPart && !finished))
      found.push(`${path} is ${right === undefined ? 'left over' : 'not what it should be'}`);
  }
  for (const [path, digest] of own)
    if (!existsSync(path) || sha(readFileSync(path)) !== digest) found.push(`${path} was touched`);
  for (const path of filesBelow(join(comfy, 'custom_nodes')))
    if (!own.has(path)) found.push(`${path} came into custom_nodes`);
  if (finished) for (const path of wanted.keys()) if (!existsSync(path)) found.push(`${path} is missing`);
  return [...found, ...wrongPacks(finished), ...wrongRepository()];
}

function wrongPacks(finished) {
  const root = join(project, '.git/comfy/packs');
  const names = existsSync(root) ? readdirSync(root) : [];
  const found = finished && names.length !== packs.length ? [`packs are ${names.join(', ')}`] : [];
  for (const name of names.filter((entry) => !entry.endsWith('.tmp'))) {
    const path = join(root, name);
    const commit = commits[name.replace(/-[0-9a-f]{12}$/, '')];
    const whole =
      existsSync(join(path, '.git')) &&
      git(path, 'rev-parse', 'HEAD') === commit &&
      git(path, 'status', '--porcelain') === '';
    if (!whole) found.push(`${path} is not whole`);
    else git(path, 'fsck', '--full', '--strict');
  }
  return found;
}

function wrongRepository() {
  const status = git(project, 'status', '--porcelain');
  git(project, 'fsck', '--full');
  return status === '' ? [] : [`the repository changed: ${status}`];
}

const provide = (killAfter) => runKilled({ cwd: project, env }, ['provide', '--yes'], killAfter);

function fail(lines) {
  console.error(`seed ${seed}: ${lines.join('\n')}`);
  process.exitCode = 1;
}

try {
  layOut();
  drift();
  own = new Map([...digests(join(comfy, 'models')), ...digests(join(comfy, 'custom_nodes'))]);
  const whole = await provide();
  const first = whole.code === 0 ? wrongs(true) : [`ended with ${whole.code}: ${whole.said}`];
  if (first.length > 0) throw new Error(first.join('\n'));
  drift();
  let killed = 0;
  let finished = 0;
  let least = whole.time;
  const wrong = [];
  // Some are done before their moment comes; the first run may have been a slow one.
  for (let round = 1; killed < rounds && round <= 4 * rounds; round++) {
    const { code, signal, time } = await provide(random() * least * 1.1);
    if (signal === 'SIGKILL') killed++;
    else if (code === 0) finished++;
    else wrong.push(`round ${round}: ended with ${code}`);
    if (code === 0) least = Math.min(least, time);
    wrong.push(...wrongs(false).map((line) => `round ${round}: ${line}`));
    // Half of the time the next one finds what this one left, half of the time all of it is to be done again.
    if (code === 0 || random() < 0.5) drift();
  }
  const last = await provide();
  wrong.push(...(last.code === 0 ? wrongs(true) : [`at the end: ${last.code}: ${last.said}`]));
  if (wrong.length > 0) fail(wrong);
  else console.log(`killed ${killed} times, done before that ${finished} times: everything is whole (seed ${seed})`);
} catch (error) {
  fail([error.message]);
} finally {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
