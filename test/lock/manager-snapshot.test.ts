import { expect, test } from 'vitest';
import { readManagerSnapshot, writeManagerSnapshot } from '../../src/lock/manager-snapshot.js';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

const json = `{
  "comfyui": "${a}",
  "git_custom_nodes": {
    "https://github.com/ltdrdata/ComfyUI-Impact-Pack": { "hash": "${b}\\n", "disabled": false },
    "git@github.com:o/Packed.git": { "hash": "unknown", "disabled": false },
    "https://github.com/o/Off": { "hash": "${b}", "disabled": true }
  },
  "cnr_custom_nodes": { "comfyui-kjnodes": "1.1.5" },
  "file_custom_nodes": [ { "filename": "one.py", "disabled": false }, { "filename": "off.py", "disabled": true } ],
  "pips": { "aiohttp==3.11.8": "", "somepkg": "git+https://x" }
}`;

const yaml = `
custom_nodes:
  cnr_custom_nodes:
    comfyui-kjnodes: 1.1.5
  comfyui: ${a}
  file_custom_nodes:
  - disabled: false
    filename: one.py
  - disabled: true
    filename: off.py
  git_custom_nodes:
    git@github.com:o/Packed.git: {disabled: false, hash: unknown}
    https://github.com/ltdrdata/ComfyUI-Impact-Pack:
      disabled: false
      hash: ${b}
    https://github.com/o/Off:
      disabled: true
      hash: ${b}
  pips: null
`;

test.each([
  ['JSON', json, 2],
  ['YAML of the command line', yaml, 0],
])('%s: what is enabled, with the commits that are known', (_, text, packages) => {
  const { clones, ...rest } = readManagerSnapshot(text);
  expect(rest).toEqual({ comfyui: a, registry: new Map([['comfyui-kjnodes', '1.1.5']]), files: ['one.py'], packages });
  expect(clones).toHaveLength(2);
  expect(clones).toContainEqual({ url: 'https://github.com/ltdrdata/ComfyUI-Impact-Pack', commit: b });
  expect(clones).toContainEqual({ url: 'git@github.com:o/Packed.git' });
});

test('ComfyUI that is no clone has no commit', () => {
  expect(readManagerSnapshot('{"comfyui": null, "git_custom_nodes": {}}')).toEqual({
    ...{ clones: [], registry: new Map(), files: [], packages: 0 },
  });
});

test.each(['{"nodes": []}', '{"git_custom_nodes": 5}', '{', 'a: [', '- 1', ''])('%s is no snapshot', (text) => {
  expect(() => readManagerSnapshot(text)).toThrow(/no snapshot of ComfyUI-Manager/);
});

test('what is written is read back the same', () => {
  const { packages: _, ...snapshot } = readManagerSnapshot(json);
  const known = { ...snapshot, clones: snapshot.clones.filter(({ commit }) => commit !== undefined) };
  expect(readManagerSnapshot(writeManagerSnapshot(known))).toEqual({ ...known, packages: 0 });
});
