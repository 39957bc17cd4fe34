import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { describeComfyui, describePack, listPacks, type ReadForeign } from '../../src/comfyui/packs.js';
import { temporaryFolder } from '../support/git.js';

const commit = '1'.repeat(40);
const clone: ReadForeign = async () => ({ commit, remote: 'https://github.com/a/b.git' });

function files(tree: Record<string, string>, root = temporaryFolder()): string {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const packs = async (...customNodes: string[]) => listPacks({ customNodes });

async function describe(tree: Record<string, string>, change: (root: string) => void = () => {}) {
  const root = files(Object.fromEntries(Object.entries(tree).map(([path, text]) => [`pack/${path}`, text])));
  change(join(root, 'pack'));
  const place = (await packs(root)).get('pack');
  if (place === undefined) throw new Error('no pack');
  return describePack(place, clone);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('folders and single files are packs; disabled ones, caches and what ComfyUI ships are not', async () => {
  const root = files({
    'Impact/__init__.py': '',
    'pack.with.dots/__init__.py': '',
    'single.py': '',
    'websocket_image_save.py': '',
    'Old.disabled/__init__.py': '',
    '.disabled/x/__init__.py': '',
    '__pycache__/x.pyc': '',
    'example.txt': '',
  });
  expect([...(await packs(root)).keys()]).toEqual(['Impact', 'pack.with.dots', 'single']);
});

test('the first root that has a name wins', async () => {
  const [first, second] = [files({ 'a/__init__.py': '' }), files({ 'a/__init__.py': '', 'b/__init__.py': '' })];
  const found = await packs(first, second, '/no/such/folder');
  expect(found.get('a')?.path).toBe(join(first, 'a'));
  expect(found.size).toBe(2);
});

test('a clone is known by its commit and its address', async () => {
  expect(await describe({ '.git': 'gitdir: elsewhere', 'a.py': '' })).toEqual({
    commit,
    repository: 'https://github.com/a/b.git',
  });
});

test('a pack without git is known by its files', async () => {
  const { tree } = await describe({ 'b.py': 'two', 'a.py': 'one' });
  const lines = `100644 ${sha256('one')} a.py\n100644 ${sha256('two')} b.py\n`;
  expect(tree).toBe(`sha256:${sha256(lines)}`);
});

test('importing it changes nothing', async () => {
  const before = await describe({ 'a.py': 'one' });
  expect(await describe({ 'a.py': 'one', '__pycache__/a.pyc': 'x', 'sub/b.pyc': 'x' })).toEqual(before);
});

test.each([
  ['an edit', (root: string) => writeFileSync(join(root, 'a.py'), 'changed')],
  ['a new file', (root: string) => writeFileSync(join(root, 'new.py'), '')],
  ['a mode', (root: string) => chmodSync(join(root, 'a.py'), 0o755)],
  [
    'a link in its place',
    (root: string) => {
      unlinkSync(join(root, 'a.py'));
      symlinkSync('/etc/hostname', join(root, 'a.py'));
    },
  ],
])('%s changes it', async (_, change) => {
  expect(await describe({ 'a.py': 'one' }, change)).not.toEqual(await describe({ 'a.py': 'one' }));
});

const registry = {
  'pyproject.toml':
    '[project]\nname = "ComfyUI-KJNodes"\nversion = "1.1.5"\n[project.urls]\nRepository = "https://github.com/kijai/ComfyUI-KJNodes"\n',
  '.tracking': 'a.py\npyproject.toml\n',
  'a.py': 'one',
};

test('a registry pack has its id and version, and only the files that it came with count', async () => {
  const entry = await describe(registry);
  expect(entry).toMatchObject({
    registry: 'comfyui-kjnodes@1.1.5',
    repository: 'https://github.com/kijai/ComfyUI-KJNodes',
  });
  expect(await describe({ ...registry, 'downloaded.bin': 'later' })).toEqual(entry);
  expect((await describe({ ...registry, 'a.py': 'edited' })).tree).not.toBe(entry.tree);
});

test('a file of the list that is gone counts as deleted, and the list leads nowhere else', async () => {
  const gone = await describe({ ...registry, '.tracking': 'a.py\ngone.py\n' });
  expect(gone.tree).toBe(`sha256:${sha256(`100644 ${sha256('one')} a.py\n000000 deleted gone.py\n`)}`);
  const outside = await describe({ ...registry, '.tracking': 'a.py\n../../secret\n/etc/passwd\n' });
  expect(outside.tree).toBe(`sha256:${sha256(`100644 ${sha256('one')} a.py\n`)}`);
});

test('a single file is known by its digest', async () => {
  const root = files({ 'single.py': 'code' });
  const place = (await packs(root)).get('single');
  expect(place && (await describePack(place, clone))).toEqual({ tree: `sha256:${sha256('code')}` });
});

test('ComfyUI itself: commit of its clone, version from its own file', async () => {
  const root = files({ '.git/HEAD': '', 'comfyui_version.py': '# made\n__version__ = "0.8.0"\n' });
  expect(await describeComfyui(root, clone)).toMatchObject({ commit, version: '0.8.0' });
  expect(await describeComfyui(files({ 'pyproject.toml': '[project]\nversion = "0.3.64"\n' }), clone)).toEqual({
    version: '0.3.64',
  });
});
