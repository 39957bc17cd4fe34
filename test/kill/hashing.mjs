// Kills `git comfy lock`, `verify`, `verify --no-cache` and `verify --all` at a random moment, again and again (SIGKILL, to them and to every git
// that they started), and looks each time whether cache, lock and models folder are whole. At the end everything runs to its end.
//
//   node test/kill/hashing.mjs [kills] [MiB a model] [seed]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runKilled } from './run-killed.mjs';

const kills = Number(process.argv[2] ?? 50);
const mebibytes = Number(process.argv[3] ?? 64);
const seed = Number(process.argv[4] ?? Date.now() % 1_000_000);

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-comfy-kill-')));
const models = join(folder, 'ComfyUI/models/loras');
const project = join(folder, 'project');
const lockfile = join(project, 'comfy.lock');
const cache = join(folder, 'cache/git-comfy');
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT_|NODE_EXTRA_CA_CERTS$)/.test(name))),
  ...{ HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), XDG_CONFIG_HOME: join(folder, 'config') },
  ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'), GIT_COMFY_SERVER: 'http://127.0.0.1:9' },
};

/** The same numbers for the same seed. */
let state = seed;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

const sha = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const put = (path, content) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

/** Digests by path, and how each file looked before anything ran. */
const digests = new Map();
const looks = new Map();

function layOut() {
  const graph = {};
  for (const name of ['main.py', 'folder_paths.py']) put(join(folder, 'ComfyUI', name), '');
  for (let at = 0; at < 6; at++) {
    const bytes = Buffer.alloc(mebibytes * 1024 * 1024, `model ${at} `);
    const name = at % 2 === 0 ? `model${at}.safetensors` : `model${at}.pt`;
    if (at % 2 === 0) bytes.writeBigUInt64LE(2n);
    if (at % 2 === 0) bytes.write('{}', 8);
    put(join(models, name), bytes);
    digests.set(join(models, name), sha(bytes));
    graph[at + 1] = { class_type: 'LoraLoaderModelOnly', inputs: { lora_name: name, strength_model: 1 } };
  }
  for (const path of digests.keys()) looks.set(path, look(path));
  put(join(project, 'graph.json'), JSON.stringify(graph));
  put(join(project, '.gitattributes'), '*.json filter=comfy\n');
  for (const words of [
    ['init', '--quiet'],
    ['config', 'comfy.directory', join(folder, 'ComfyUI')],
    ['add', '.'],
  ]) {
    execFileSync('git', words, { cwd: project, env, stdio: 'pipe' });
  }
}

const look = (path) => {
  const { size, ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [size, ino, mtimeNs, ctimeNs].join(' ');
};

const textOf = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Everything that is wrong, a line each. `texts` are what the lock may be. */
function wrongs(texts) {
  const found = [];
  const names = readdirSync(models).map((name) => join(models, name));
  if (names.length !== looks.size) found.push(`the models folder holds ${names.length} files`);
  for (const [path, was] of looks) if (look(path) !== was) found.push(`${path} was touched`);
  if (!texts.includes(textOf(lockfile))) found.push('comfy.lock is neither the old one nor the new one');
  const lines = (textOf(join(cache, 'model-hashes.jsonl')) ?? '').split('\n').filter((line) => line !== '');
  const read = lines.flatMap((line) => parsed(line) ?? []);
  // A kill may cut one line short; a line that can be read is right.
  if (lines.length - read.length > torn) found.push(`${lines.length - read.length} lines of the cache cannot be read`);
  torn = Math.max(torn, lines.length - read.length);
  for (const { path, digest } of read)
    if (digests.get(path) !== digest) found.push(`the cache says ${digest} of ${path}`);
  return found;
}
let torn = 0;

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const runProgram = (words, killAfter) => runKilled({ cwd: project, env }, words, killAfter);

const commands = [['lock'], ['verify', '--all'], ['verify', '--no-cache'], ['verify'], ['lock', '--no-cache']];

/** One kill: `lock` makes a lock that is not there, `verify` looks at one that is; half of the time nothing is remembered. */
async function round(number, whole, longest) {
  const words = commands[number % commands.length];
  const before = words[0] === 'lock' ? undefined : whole;
  rmSync(lockfile, { force: true });
  if (before !== undefined) writeFileSync(lockfile, before);
  if (random() < 0.5) {
    rmSync(cache, { recursive: true, force: true });
    torn = 0;
  } else torn++;
  const { code, signal, said, time } = await runProgram(words, random() * longest);
  const bad = signal === 'SIGKILL' || code === 0 ? [] : [`ended with ${code}: ${said}`];
  const lines = [...bad, ...wrongs([before, whole])].map((line) => `round ${number}, ${words.join(' ')}: ${line}`);
  return { killed: signal === 'SIGKILL', time, lines };
}

async function main() {
  layOut();
  const first = await runProgram(['lock']);
  const whole = textOf(lockfile);
  const missing = [...digests.values()].filter((digest) => !whole?.includes(digest));
  if (first.code !== 0 || missing.length > 0) return [`the first lock: ${first.code}: ${first.said}`];
  const wrong = wrongs([whole]);
  let killed = 0;
  let finished = 0;
  let least = first.time;
  for (let number = 1; killed < kills && number <= 6 * kills; number++) {
    const done = await round(number, whole, least * 1.1);
    if (done.killed) killed++;
    else {
      finished++;
      least = Math.min(least, done.time);
    }
    wrong.push(...done.lines);
  }
  rmSync(lockfile, { force: true });
  for (const words of [['lock'], ['verify', '--strict'], ['verify', '--all', '--strict']]) {
    const { code, said } = await runProgram(words);
    if (code !== 0) wrong.push(`at the end, ${words.join(' ')}: ${code}: ${said}`);
  }
  wrong.push(...wrongs([whole]));
  for (const [path, digest] of digests)
    if (sha(readFileSync(path)) !== digest) wrong.push(`${path} is not what it was`);
  if (wrong.length === 0) {
    console.log(`killed ${killed} times, done before that ${finished} times: everything is whole (seed ${seed})`);
  }
  return wrong;
}

try {
  const wrong = await main();
  if (wrong.length > 0) console.error(`seed ${seed}:\n${wrong.join('\n')}`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
