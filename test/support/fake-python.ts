// A program that takes the place of Python: it runs the simulated ComfyUI in a process of its own, as `python main.py ...` would the real one.
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

const entry = `
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startSimulator } from './src/comfyui/simulator/start.ts';
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const base = option('--base-directory');
const packs = join(base, 'custom_nodes');
for (const pack of readdirSync(packs)) {
  const code = readFileSync(join(packs, pack, '__init__.py'), 'utf8');
  const needs = /^import (\\w+)/m.exec(code)?.[1];
  if (needs !== undefined) console.log('Cannot import ' + join(packs, pack) + " module for custom nodes: No module named '" + needs + "'");
}
if (process.env.FAKE_PYTHON_FAILS) {
  console.error("Traceback (most recent call last):\\nModuleNotFoundError: No module named 'einops'");
  process.exit(1);
}
// The simulator knows no extra_model_paths.yaml.
for (const line of readFileSync(option('--extra-model-paths-config'), 'utf8').split('\\n').slice(1)) {
  const [, type, roots] = /^ *(".*?"): (".*")$/.exec(line) ?? [];
  if (type === undefined) continue;
  for (const folder of JSON.parse(roots).split('\\n')) {
    let names = [];
    try { names = readdirSync(folder, { recursive: true, withFileTypes: true }); } catch {}
    for (const file of names.filter((one) => one.isFile())) {
      const from = join(file.parentPath ?? file.path, file.name);
      const to = join(base, 'models', JSON.parse(type), from.slice(folder.length + 1));
      mkdirSync(dirname(to), { recursive: true });
      try { symlinkSync(from, to); } catch {}
    }
  }
}
await startSimulator({ base, port: Number(option('--port')) });
`;

/** @returns the path of the program, \`bin/python\` in \`folder\` */
export function fakePython(folder: string): string {
  const path = join(folder, 'bin/python');
  mkdirSync(dirname(path), { recursive: true });
  buildSync({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    ...{ outfile: join(folder, 'comfyui.mjs'), bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
  });
  cpSync(join(root, 'templates/simulator'), join(folder, 'templates/simulator'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'comfyui.mjs')}' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
