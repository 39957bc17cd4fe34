// `git comfy lock` and `verify` on models that are known already: their time, and that they read no byte of a model.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, time } from './measure.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
const mebibyte = 1024 * 1024;
/** What `verify` of 500 models may take beyond `--version`; milliseconds. */
const mostBeyondVersion = 150;

export function lock() {
  const base = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    return [oneLarge(join(base, 'one')), manyModels(join(base, 'many')), manyWorkflows(join(base, 'workflows'))].every(
      Boolean,
    );
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function oneLarge(base) {
  const project = makeProject(base, { models: 1, size: 1024 * mebibyte, workflows: 1, each: 1 });
  const first = run(project, 'lock');
  const again = median(Array.from({ length: 5 }, () => run(project, 'lock')));
  console.log(`      lock of a 1 GiB model:  first ${first.toFixed(0)} ms, again ${again.toFixed(0)} ms`);
  return readsLess(project, 'lock', 64, 'a second lock reads no model of 1 GiB');
}

function manyModels(base) {
  const project = makeProject(base, { models: 500, size: 5 * mebibyte, workflows: 20, each: 50 });
  run(project, 'lock');
  const pairs = Array.from({ length: 15 }, () => [run(project, 'verify'), run(project, '--version')]);
  const [verify, version] = [0, 1].map((at) => median(pairs.map((pair) => pair[at])));
  const beyond = median(pairs.map(([a, b]) => a - b));
  const least = Math.min(...pairs.map(([a, b]) => a - b));
  const held = beyond <= mostBeyondVersion;
  console.log(
    `${held ? 'ok  ' : 'OVER'}  verify of 500 known models  against  --version:  ${verify.toFixed(0)} ms / ${version.toFixed(0)} ms = ` +
      `${beyond.toFixed(0)} ms more, at best ${least.toFixed(0)} (at most ${mostBeyondVersion} ms more)`,
  );
  return readsLess(project, 'verify', 64, 'verify reads none of 500 models (2.6 GB)') && held;
}

function manyWorkflows(base) {
  const project = makeProject(base, { models: 50, size: mebibyte, workflows: 500, each: 50 });
  const first = run(project, 'lock');
  const again = median(Array.from({ length: 3 }, () => run(project, 'lock')));
  console.log(`      lock of 500 workflows x 50 models:  first ${first.toFixed(0)} ms, again ${again.toFixed(0)} ms`);
  return true;
}

const run = ({ cwd, env }, ...words) => time(process.execPath, [program, ...words], { cwd, env });

/** Prompts that load `each` of the models, which are holes of that size behind a name. */
function makeProject(base, { models, size, workflows, each }) {
  const write = (path, text) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  for (const path of ['ComfyUI/main.py', 'ComfyUI/folder_paths.py']) write(path, '');
  for (let at = 0; at < models; at++) {
    const path = `ComfyUI/models/loras/model${at}.safetensors`;
    write(path, `model ${at}`);
    truncateSync(join(base, path), size);
  }
  for (let workflow = 0; workflow < workflows; workflow++) {
    const name = (node) => `model${(workflow * each + node) % models}.safetensors`;
    const nodes = Array.from({ length: each }, (_, at) => [
      at + 1,
      { class_type: 'LoraLoaderModelOnly', inputs: { lora_name: name(at), strength_model: 1 } },
    ]);
    write(`repository/workflow${workflow}.json`, JSON.stringify(Object.fromEntries(nodes)));
  }
  write('repository/.gitattributes', '*.json filter=comfy\n');
  const cwd = join(base, 'repository');
  const git = (...args) => time('git', args, { cwd });
  git('init', '--quiet');
  git('config', 'comfy.directory', join(base, 'ComfyUI'));
  git('add', '.');
  return { base, cwd, env: { XDG_CACHE_HOME: join(base, 'cache'), GIT_COMFY_SERVER: 'http://127.0.0.1:9' } };
}

/** Linux counts what a process read; the program's own code and the files of the repository are a few megabytes of it. */
function readsLess({ base, cwd, env }, command, most, what) {
  if (process.platform !== 'linux') return true;
  const counter = join(base, 'count.cjs');
  const counted = join(base, 'read');
  const io = "readFileSync('/proc/self/io', 'utf8')";
  const source = `const { readFileSync, writeFileSync } = require('node:fs');
if (process.argv[2] === '${command}') process.on('exit', () => writeFileSync(${JSON.stringify(counted)}, ${io}));`;
  writeFileSync(counter, source);
  const clean = { ...process.env, ...env };
  delete clean.NODE_EXTRA_CA_CERTS;
  spawnSync(process.execPath, ['--require', counter, program, command], { cwd, env: clean });
  const read = Number(/^rchar: (\d+)/.exec(readFileSync(counted, 'utf8'))?.[1]);
  const held = read < most * mebibyte;
  console.log(`${held ? 'ok  ' : 'OVER'}  ${what}:  ${(read / 1e6).toFixed(1)} MB read in all`);
  return held;
}
