// Hashing of models against `openssl dgst -sha256` of the same files, each as a process of its own from start to end, and the memory it takes.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { report, sideBySide, time } from './measure.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const mebibyte = 1024 * 1024;
const rounds = 5;

/** As `git comfy lock` hashes, with an empty cache; prints the memory that it took at most, in kB. */
const runner = `
import { hashModels } from './src/models/hash-models.ts';
import { openHashCache } from './src/models/hash-cache.ts';
const talk = { say: (line) => { throw new Error(line); }, progress() {}, confirm: async () => false };
const files = process.argv.slice(2);
const found = await hashModels(files, { cache: await openHashCache(undefined), signal: new AbortController().signal, talk });
if ([...found.values()].some(({ digest }) => digest === undefined)) throw new Error('not hashed');
console.log(process.resourceUsage().maxRSS);
`;

export async function hash() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const program = await bundle(folder);
    const ours = (files) => () => time(process.execPath, [program, ...files]);
    const openssl = (files) => () => time('openssl', ['dgst', '-sha256', ...files]);
    const [plain, tensors, many] = makeModels(folder);
    const held = [
      report('2 GiB', 'openssl dgst -sha256', sideBySide(rounds, ours([plain]), openssl([plain])), 1.05),
      report(
        '8 x 256 MiB on all cores',
        'openssl over the same list',
        sideBySide(rounds, ours(many), openssl(many)),
        0.57,
      ),
      report(
        '2 GiB with the tensor digest',
        'without it, of the same bytes',
        sideBySide(rounds, ours([tensors]), ours([plain])),
        1.3,
      ),
      memory(program, 'one file', [plain]),
      memory(program, 'one file with tensors', [tensors]),
      memory(program, 'several files', many),
    ];
    return held.every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Split as the program is: what is loaded late there is loaded late here. */
async function bundle(folder) {
  await build({
    absWorkingDir: root,
    stdin: { contents: runner, loader: 'ts', resolveDir: root },
    entryPoints: ['src/models/hash-worker.ts'],
    entryNames: '[name]',
    outdir: folder,
    splitting: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return join(folder, 'stdin.js');
}

/** One random MiB over and over: SHA-256 takes as long for it as for anything else. */
function makeModels(folder) {
  const block = randomBytes(mebibyte);
  const write = (name, first, mebibytes) => {
    const path = join(folder, name);
    const file = openSync(path, 'w');
    for (let at = 0; at < mebibytes; at++) writeSync(file, at === 0 ? first : block);
    closeSync(file);
    return path;
  };
  const header = Buffer.from(block);
  header.writeBigUInt64LE(2n);
  header.write('{}', 8);
  const part = write('part-0.bin', block, 256);
  const many = [part, ...Array.from({ length: 7 }, (_, at) => join(folder, `part-${at + 1}.bin`))];
  for (const path of many.slice(1)) copyFileSync(part, path);
  mkdirSync(join(folder, 'models'));
  return [write('models/model.bin', block, 2048), write('models/model.safetensors', header, 2048), many];
}

function memory(program, what, files) {
  const done = spawnSync(process.execPath, [program, ...files], { encoding: 'utf8' });
  const megabytes = (Number(done.stdout) * 1024) / 1e6;
  const held = megabytes > 0 && megabytes < 200;
  console.log(`${held ? 'ok  ' : 'OVER'}  memory while hashing ${what}:  ${megabytes.toFixed(0)} MB (below 200 MB)`);
  return held;
}
