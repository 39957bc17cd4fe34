// A script of ours as a process of its own, for what only real processes show: races, signals, crashes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { temporaryFolder } from './git.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles TypeScript `source`, which may import from `./src/...`, and returns the path to give to node. */
export async function bundleScript(source: string): Promise<string> {
  const outfile = join(temporaryFolder(), 'script.mjs');
  await build({
    absWorkingDir: root,
    stdin: { contents: source, loader: 'ts', resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
    outfile,
  });
  return outfile;
}
