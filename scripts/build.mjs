// Bundles src/ into dist/: a small CommonJS entry that dispatches, and ES modules split so that a command loads only its own.
import { cpSync, readFileSync, rmSync } from 'node:fs';
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
  define: { __VERSION__: JSON.stringify(version) },
};

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: ['src/git-comfy.cts'],
  outfile: 'dist/git-comfy.cjs',
  format: 'cjs',
  external: ['./main.js', './filter.js'],
  banner: { js: '#!/usr/bin/env node' },
});
await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
cpSync(new URL('../hooks', import.meta.url), new URL('../dist/hooks', import.meta.url), { recursive: true });
cpSync(new URL('../templates', import.meta.url), new URL('../dist/templates', import.meta.url), { recursive: true });
