import { expect, test } from 'vitest';
import { run } from '../../src/cli.js';
import { readLock, writeLock } from '../../src/lock/lockfile.js';
import { type ComfyProject, makeProject } from '../support/comfy-project.js';
import { captured } from '../support/context.js';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];

const lock = `lockfileVersion: 1
comfyui:
  repository: https://github.com/comfyanonymous/ComfyUI
  commit: ${a}
packs:
  comfyui-kjnodes:
    registry: comfyui-kjnodes@1.1.5
  Impact:
    repository: https://github.com/l/Impact
    commit: ${b}
  loose:
    tree: sha256:${'d'.repeat(64)}
`;

const workflow = JSON.stringify({
  nodes: [
    { id: 1, type: 'ImpactNode', properties: { aux_id: 'l/Impact' }, inputs: [], outputs: [] },
    { id: 2, type: 'KjNode', properties: { cnr_id: 'comfyui-kjnodes' }, inputs: [], outputs: [] },
  ],
  ...{ links: [], version: 0.4, last_node_id: 2 },
});

function project(text = writeLock(readLock(lock))): ComfyProject {
  const made = makeProject();
  made.write('comfy.lock', text);
  made.write('w.json', workflow);
  made.git('add', '.');
  made.git('commit', '--quiet', '-m', 'locked');
  return made;
}

async function said({ path }: ComfyProject, ...words: string[]) {
  const { context, out, err } = captured(path);
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

test('a commit becomes a snapshot, and what it has no place for is said', async () => {
  const { code, out, err } = await said(project(), 'export', 'HEAD', '--format', 'manager');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    comfyui: a,
    git_custom_nodes: { 'https://github.com/l/Impact': { hash: b, disabled: false } },
    cnr_custom_nodes: { 'comfyui-kjnodes': '1.1.5' },
    file_custom_nodes: [],
    pips: {},
  });
  expect(err).toBe('left out: pack loose: no commit and no version of it are locked\n');
});

test('there and back again is the same lock', async () => {
  const made = project();
  await said(made, 'export', 'HEAD', '--format', 'manager', '-o', 'snapshot.json');
  expect((await said(made, 'import', 'snapshot.json')).out).toContain('comfy.lock up to date: 0 entries');
  const before = made.read('comfy.lock');
  made.write('comfy.lock', 'lockfileVersion: 1\n');
  expect((await said(made, 'import', 'snapshot.json')).code).toBe(0);
  const { packs, comfyui } = readLock(made.read('comfy.lock'));
  const expected = new Map([...readLock(before).packs].filter(([key]) => key !== 'loose'));
  expect({ packs, comfyui }).toEqual({ packs: expected, comfyui: { commit: a } });
});

test('a snapshot moves what it says otherwise, and keeps what it does not know', async () => {
  const made = project();
  const hash = { 'https://github.com/l/Impact.git': { hash: c, disabled: false } };
  made.write('s.json', JSON.stringify({ comfyui: c, git_custom_nodes: hash, cnr_custom_nodes: {} }));
  expect((await said(made, 'import', 's.json', '--dry-run')).out).toContain('comfy.lock would change: 2 entries');
  expect(made.read('comfy.lock')).toContain(b);
  const { out } = await said(made, 'import', 's.json');
  expect(out).toContain('changed  pack Impact');
  const { packs, comfyui } = readLock(made.read('comfy.lock'));
  expect(packs.get('Impact')).toEqual({ repository: 'https://github.com/l/Impact.git', commit: c });
  expect(comfyui).toEqual({ repository: 'https://github.com/comfyanonymous/ComfyUI', commit: c });
  expect(packs.has('loose')).toBe(true);
});

test('a pack that no workflow uses is left out, and so is what cannot be locked', async () => {
  const made = project();
  const clones = { 'https://github.com/o/Unused': { hash: c }, 'https://github.com/l/Impact': { hash: 'unknown' } };
  const files = [{ filename: 'one.py' }, { filename: 'websocket_image_save.py' }];
  made.write('s.json', JSON.stringify({ git_custom_nodes: clones, file_custom_nodes: files, pips: { x: '1' } }));
  expect((await said(made, 'import', 's.json')).out.split('\n')).toEqual([
    'comfy.lock up to date: 0 entries from the snapshot',
    '  left out  pack Impact: ComfyUI-Manager could not tell its commit',
    '  left out  pack one.py: it is a single file, of which the snapshot has no hash',
    '  left out  pack Unused: no tracked workflow uses it',
    '  left out  1 Python package: a recorded run has them, a lock does not',
    '',
  ]);
});

test('where the pack of a node is not known every pack may be its', async () => {
  const made = project();
  made.write('w.json', workflow.replace('"aux_id":"l/Impact"', ''));
  made.git('add', '.');
  made.write('s.json', JSON.stringify({ git_custom_nodes: { 'https://github.com/o/Maybe': { hash: c } } }));
  expect((await said(made, 'import', 's.json')).out).toContain('added    pack Maybe');
});

test('a secret in an address stays out of the lock', async () => {
  const made = project();
  made.write('s.json', JSON.stringify({ git_custom_nodes: { 'https://u:token@github.com/l/Impact': { hash: c } } }));
  await said(made, 'import', 's.json');
  expect(made.read('comfy.lock')).not.toContain('token');
});

test.each([
  [['export', 'HEAD'], 'say which format'],
  [['export', 'HEAD', '--format', 'spdx'], 'there is no format "spdx"'],
  [['import', 'w.json'], 'w.json: that is no snapshot of ComfyUI-Manager: it names no custom nodes'],
  [['import', 'a.bin'], 'a.bin is in no format that can be imported'],
  [['import', 'nothing.json'], 'there is no file'],
])('%j says what there is', async (words, message) => {
  const made = project();
  made.write('a.bin', 'MZ\u0003\u0000');
  const { code, err } = await said(made, ...words);
  expect(err).toContain(message);
  expect(err).toMatch(/manager|Manager|spelling/);
  expect(code).toBe(2);
});
