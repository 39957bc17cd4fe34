import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** Which rooms a room may import from, besides itself and the leaves. `entry` is the files at the top of src. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  main: ['cli', 'terminal'],
  filter: ['capture', 'terminal'],
  textconv: ['sharing', 'terminal', 'workflow'],
  cli: ['commands', 'terminal'],
  commands: [
    'capture',
    'reproduce',
    'sharing',
    'setup',
    'workflow',
    'lock',
    'lineage',
    'image',
    'git',
    'comfyui',
    'models',
    'files',
    'terminal',
  ],
  setup: [
    'sharing',
    'reproduce',
    'capture',
    'workflow',
    'lock',
    'lineage',
    'image',
    'git',
    'comfyui',
    'models',
    'files',
  ],
  sharing: ['reproduce', 'capture', 'workflow', 'lock', 'lineage', 'image', 'git', 'comfyui', 'models', 'files'],
  reproduce: ['capture', 'workflow', 'lock', 'lineage', 'image', 'git', 'comfyui', 'models', 'files'],
  capture: ['workflow', 'lock', 'lineage', 'image', 'git', 'comfyui', 'models', 'files'],
  lineage: ['workflow', 'lock', 'image'],
  lock: ['workflow'],
  workflow: [],
  image: [],
  git: ['files', 'workflow', 'lock', 'lineage', 'image'],
  comfyui: ['git/exec', 'files', 'workflow', 'lock', 'lineage', 'image'],
  models: ['git/exec', 'files', 'workflow', 'lock', 'lineage', 'image'],
  files: [],
  terminal: ['workflow', 'lock', 'lineage', 'image'],
};
const leaves = ['errors', 'context', 'shell-word'];
/** Help, usage and the man page are made from the command table's shape. */
const typeDoors: Readonly<Record<string, readonly string[]>> = { terminal: ['commands/command'] };

/** The one file that may import a package; rooms end in `/`. */
const doors: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli.ts'],
  execa: ['git/exec.ts'],
  'isomorphic-git': ['git/foreign.ts'],
  'hash-wasm': ['models/quick-sample.ts'],
  yaml: ['lock/yaml.ts'],
  ignore: ['files/ignore.ts'],
  'json-diff-ts': ['workflow/plain-diff.ts'],
  ws: ['comfyui/socket.ts', 'comfyui/simulator/'],
  zod: ['lineage/', 'lock/', 'comfyui/', 'reproduce/queue/'],
  bullmq: ['reproduce/queue/bullmq.ts'],
  ioredis: ['reproduce/queue/bullmq.ts'],
  fflate: ['files/zip.ts'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.c?ts$/.test(file));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  const found = text.matchAll(/(?<![-.'\w])(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, target = '']) => ({ file, target }));
}

const roomOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.c?ts$/, ''));

function allowed({ file, target }: Import): boolean {
  const path = relative(source, join(source, dirname(file), target))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '');
  const from = roomOf(file);
  const to = roomOf(path);
  if (from === to || leaves.includes(to) || file === 'git-comfy.cts') return true;
  if ((typeDoors[from] ?? []).includes(path)) return true;
  return (mayImport[from] ?? []).some((room) => room === to || path === room);
}

const imports = files.flatMap(importsOf);

test('imports point down the house and never up', () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith('.'))
    .filter((found) => !allowed(found))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, not even for a type', () => {
  const targets = new Map(files.map((file) => [file, importsOf(file).flatMap(fileOf)]));
  expect(files.flatMap((file) => circleFrom(file, targets) ?? [])).toEqual([]);
});

/** The file of `src` that an import means. */
function fileOf({ file, target }: Import): string[] {
  const path = relative(source, join(source, dirname(file), target)).replaceAll('\\', '/');
  return [path.replace(/\.js$/, '.ts'), path.replace(/\.cjs$/, '.cts')]
    .filter((one) => files.includes(one))
    .slice(0, 1);
}

/** The shortest way back to a file, as text. */
function circleFrom(start: string, targets: ReadonlyMap<string, readonly string[]>): string | undefined {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of targets.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, start].join(' -> ');
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

test('every package comes in through its one door', () => {
  const wrong = imports
    .filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
    .filter(({ file, target }) => {
      const name = target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/');
      return !(doors[name] ?? []).some((door) => (door.endsWith('/') ? file.startsWith(door) : file === door));
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('the domain touches nothing of the world', () => {
  const domain = ['workflow', 'lock', 'lineage', 'image'];
  const pure = ['node:crypto', 'node:zlib', 'node:buffer', 'node:path/posix'];
  const wrong = imports
    .filter(({ file, target }) => domain.includes(roomOf(file)) && target.startsWith('node:') && !pure.includes(target))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('only main touches process, and nothing exports a default', () => {
  const wrong = files.filter((file) => {
    const text = readFileSync(join(source, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const touches = !['main.ts', 'git-comfy.cts'].includes(file) && /\bprocess\.(?!pid\b|platform\b|js')/.test(text);
    return touches || /^export default/m.test(text);
  });
  expect(wrong).toEqual([]);
});

test('files stay small', () => {
  const long = files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 251);
  expect(long).toEqual([]);
});
