// SHA-256 of a 1 GiB file against `openssl dgst -sha256` of the same file, and the memory that it takes.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { report, sideBySide, time } from './measure.mjs';

const source = fileURLToPath(new URL('../../src/models/hash-file.ts', import.meta.url));
const runner = `
import { hashFile } from './hash-file.mjs';
await hashFile(process.argv[1], { signal: new AbortController().signal });
console.log(process.resourceUsage().maxRSS);
`;

export async function hash() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const model = join(folder, 'model.bin');
    writeModel(model, 1024);
    await build({
      entryPoints: [source],
      outfile: join(folder, 'hash-file.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    const pairs = sideBySide(
      3,
      () => time(process.execPath, ['--input-type=module', '-e', runner, model], { cwd: folder }),
      () => time('openssl', ['dgst', '-sha256', model]),
    );
    const fast = report('SHA-256 of 1 GiB', 'openssl dgst -sha256', pairs, 1.1);
    return memory(folder, model) && fast;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One random MiB over and over: SHA-256 takes as long for it as for anything else. */
function writeModel(path, mebibytes) {
  const block = randomBytes(1024 * 1024);
  const file = openSync(path, 'w');
  for (let at = 0; at < mebibytes; at++) writeSync(file, block);
  closeSync(file);
}

function memory(folder, model) {
  const args = ['--input-type=module', '-e', runner, model];
  const done = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const megabytes = (Number(done.stdout) * 1024) / 1e6;
  const held = megabytes > 0 && megabytes < 150;
  console.log(`${held ? 'ok  ' : 'OVER'}  memory while hashing 1 GiB:  ${megabytes.toFixed(0)} MB (below 150 MB)`);
  return held;
}
