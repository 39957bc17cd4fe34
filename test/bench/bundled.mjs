import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Modules of `src` as our build bundles them. @param wanted names by file, relative to the root */
export async function bundled(folder, wanted) {
  const outfile = join(folder, 'bundled.mjs');
  const contents = Object.entries(wanted).map(([file, names]) => `export { ${names.join(', ')} } from '${file}';`);
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What packages of the older kind ask for.
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    outfile,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile));
}
