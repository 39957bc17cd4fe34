// Bundles src/ into dist/: a small CommonJS entry that dispatches, and ES modules split so that a command loads only its own.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  // Optional: who shares a queue installs them.
  external: ['bullmq', 'ioredis'],
  define: { __VERSION__: JSON.stringify(version) },
};

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: ['src/git-comfy.cts'],
  outfile: 'dist/git-comfy.cjs',
  format: 'cjs',
  external: ['./main.js', './filter.cjs', './textconv.cjs'],
  banner: { js: '#!/usr/bin/env node' },
});
// npm sets the bit once, when it links the tree; every build writes the file anew.
chmodSync(join(root, 'dist', 'git-comfy.cjs'), 0o755);
await build({
  ...shared,
  // The others are what worker threads run.
  entryPoints: {
    main: 'src/main.ts',
    'hash-worker': 'src/models/hash-worker.ts',
    'look-worker': 'src/capture/looking/look-worker.ts',
  },
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
// Each in one piece, and CommonJS: git starts the filter with every command that touches a workflow, the other for every version that
// it shows; they are at work before ES modules would be loaded.
for (const name of ['filter', 'textconv']) {
  await build({ ...shared, entryPoints: [`src/${name}.ts`], outfile: `dist/${name}.cjs`, format: 'cjs' });
}
for (const folder of ['hooks', 'templates']) {
  const from = join(root, folder);
  if (existsSync(from)) cpSync(from, join(root, 'dist', folder), { recursive: true });
}

// The manual page (and with --docs the command reference) is made from the command table, so that neither can drift.
const reference = join(root, 'dist', 'reference.mjs');
await build({
  ...shared,
  entryPoints: ['scripts/reference.ts'],
  outfile: reference,
  format: 'esm',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
const docs = process.argv.includes('--docs') ? [join(root, 'docs', 'commands.md')] : [];
const made = spawnSync(
  process.execPath,
  [reference, version, sourceDate(), join(root, 'dist', 'git-comfy.1'), ...docs],
  {
    stdio: 'inherit',
  },
);
rmSync(reference);
if (made.status !== 0) process.exit(made.status ?? 1);

/** The day of the last commit, so that the same source gives the same page; without git (a source archive) today. */
function sourceDate() {
  const log = spawnSync('git', ['log', '-1', '--format=%cs'], { cwd: root, encoding: 'utf8' });
  return log.status === 0 ? log.stdout.trim() : new Date().toISOString().slice(0, 10);
}
