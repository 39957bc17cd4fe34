// A second `git comfy lock` on unchanged models: its time, and that it reads no byte of a model.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, time } from './measure.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
const modelBytes = 1024 ** 3;

export function lock() {
  const base = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const cwd = makeProject(base);
    const env = { XDG_CACHE_HOME: join(base, 'cache'), GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
    const first = time(process.execPath, [program, 'lock'], { cwd, env });
    const seconds = Array.from({ length: 5 }, () => time(process.execPath, [program, 'lock'], { cwd, env }));
    console.log(`      lock of a 1 GiB model:  first ${first.toFixed(0)} ms, again ${median(seconds).toFixed(0)} ms`);
    return readsNothing(base, cwd, env);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function makeProject(base) {
  const write = (path, text) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  for (const path of ['ComfyUI/main.py', 'ComfyUI/folder_paths.py']) write(path, '');
  write('ComfyUI/models/checkpoints/model.safetensors', '');
  truncateSync(join(base, 'ComfyUI/models/checkpoints/model.safetensors'), modelBytes);
  const prompt = { 1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'model.safetensors' } } };
  write('repository/workflow.json', JSON.stringify(prompt));
  write('repository/.gitattributes', '*.json filter=comfy\n');
  const cwd = join(base, 'repository');
  const git = (...args) => time('git', args, { cwd });
  git('init', '--quiet');
  git('config', 'comfy.directory', join(base, 'ComfyUI'));
  git('add', '.');
  return cwd;
}

/** Linux counts what a process read; the program's own code is a few megabytes of it. */
function readsNothing(base, cwd, env) {
  if (process.platform !== 'linux') return true;
  const counter = join(base, 'count.cjs');
  const counted = join(base, 'read');
  const io = "readFileSync('/proc/self/io', 'utf8')";
  const source = `const { readFileSync, writeFileSync } = require('node:fs');
if (process.argv[2] === 'lock') process.on('exit', () => writeFileSync(${JSON.stringify(counted)}, ${io}));`;
  writeFileSync(counter, source);
  const clean = { ...process.env, ...env };
  delete clean.NODE_EXTRA_CA_CERTS;
  spawnSync(process.execPath, ['--require', counter, program, 'lock'], { cwd, env: clean });
  const read = Number(/^rchar: (\d+)/.exec(readFileSync(counted, 'utf8'))?.[1]);
  const held = read < 64 * 1024 * 1024;
  console.log(
    `${held ? 'ok  ' : 'OVER'}  second lock reads no model:  ${(read / 1e6).toFixed(1)} MB read in all, the model has ${(modelBytes / 1e6).toFixed(0)} MB`,
  );
  return held;
}
