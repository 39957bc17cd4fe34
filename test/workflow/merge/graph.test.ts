import { expect, test } from 'vitest';
import { writeJson } from '../../../src/workflow/json.js';
import { textToImage } from '../build.js';
import { edited, merged, valued, withNode, without } from './cases.js';

const base = textToImage();
const lora = (id: number, name = 'ink') => ({
  id,
  type: 'LoraLoaderModelOnly',
  inputs: [{ name: 'model', type: 'MODEL' }],
  outputs: [{ name: 'MODEL', type: 'MODEL' }],
  widgets_values: [`${name}.safetensors`, 1],
});
/** A LoRA between checkpoint and sampler. */
const loraPath = (id: number, link: number) => [
  [link, 4, 0, id, 0, 'MODEL'],
  [link + 1, id, 0, 3, 0, 'MODEL'],
];
const preview = (id: number) => ({ id, type: 'PreviewImage', inputs: [{ name: 'images', type: 'IMAGE' }] });

test('edits of different values of one node unite', () => {
  expect(merged(base, valued(3, 2, 30), valued(3, 3, 6))).toMatchObject({
    changes: ['KSampler "base" #3: steps 20 -> 30', 'KSampler "base" #3: cfg 8 -> 6'],
    conflicts: [],
  });
});

test('a node put in on one side, a value changed on the other', () => {
  const { changes, conflicts } = merged(base, withNode(lora(20), loraPath(20, 20)), valued(3, 2, 30));
  expect(conflicts).toEqual([]);
  expect(changes).toEqual([
    'KSampler "base" #3: steps 20 -> 30',
    'KSampler "base" #3: model now from LoraLoaderModelOnly #20',
    'LoraLoaderModelOnly #20 added: lora_name ink.safetensors, strength_model 1',
  ]);
});

test('one renames, the other bypasses, and one mutes what the other rewires', () => {
  const renamed = edited(8, () => ({ title: 'last step' }));
  expect(
    merged(
      base,
      renamed,
      edited(8, () => ({ mode: 4 })),
    ),
  ).toMatchObject({
    changes: ['VAEDecode "last step" #8: renamed (no title) -> "last step"', 'VAEDecode "last step" #8: bypassed'],
    conflicts: [],
  });
});

test('one moves, the other edits: positions are no part of it', () => {
  const moved = edited(3, () => ({ pos: [900, 10], size: [300, 300] }));
  expect(merged(base, moved, valued(3, 2, 30)).conflicts).toEqual([]);
});

test('nodes that both added under one id become two, links re-made, counters raised', () => {
  const ours = withNode(preview(10), [[10, 8, 0, 10, 0, 'IMAGE']]);
  const theirs = withNode(lora(10), loraPath(10, 10));
  const { changes, conflicts, workflow } = merged(base, ours, theirs);
  expect(conflicts).toEqual([]);
  expect(changes).toEqual([
    'KSampler "base" #3: model now from LoraLoaderModelOnly #100',
    'PreviewImage #10 added',
    'LoraLoaderModelOnly #100 added: lora_name ink.safetensors, strength_model 1',
  ]);
  expect([workflow.get('last_node_id'), workflow.get('last_link_id')]).toEqual([100, 100]);
  const links = workflow.get('links') as unknown[][];
  expect(new Set(links.map(([id]) => id)).size).toBe(links.length);
});

test('what both added alike, as after a cherry-pick, is one node', () => {
  const ours = withNode(lora(10), loraPath(10, 10));
  const { changes, conflicts } = merged(base, valued(3, 2, 30, ours), valued(3, 3, 6, ours));
  expect(conflicts).toEqual([]);
  expect(changes.filter((line) => line.includes('added'))).toHaveLength(1);
});

test('one widget changed on both sides: ours in place, and it is said', () => {
  const { changes, conflicts } = merged(base, valued(3, 2, 30), valued(3, 2, 40));
  expect(changes).toEqual(['KSampler "base" #3: steps 20 -> 30']);
  expect(conflicts).toEqual(['KSampler "base" #3  steps: ours 30, theirs 40 (was 20)']);
  const taken = merged(base, valued(3, 2, 30), valued(3, 2, 40), { 'KSampler "base" #3  steps': 'theirs' });
  expect(taken.changes).toEqual(['KSampler "base" #3: steps 20 -> 40']);
  expect(taken.open).toEqual([]);
});

test('the same edit on both sides is no conflict', () => {
  expect(merged(base, valued(3, 2, 30), valued(3, 2, 30)).conflicts).toEqual([]);
});

test('a seed that ComfyUI draws anew is no conflict; a fixed one is', () => {
  expect(merged(base, valued(3, 0, 1), valued(3, 0, 2)).conflicts).toEqual([]);
  const fixed = valued(3, 1, 'fixed');
  expect(merged(fixed, valued(3, 0, 1, fixed), valued(3, 0, 2, fixed)).conflicts).toEqual([
    'KSampler "base" #3  seed: ours 1, theirs 2 (was 42)',
  ]);
});

test('edit against delete is a conflict, and either can be had', () => {
  const [ours, theirs] = [without(9), valued(9, 0, 'portrait')];
  const words = 'SaveImage #9  the node: ours deleted, theirs edited';
  expect(merged(base, ours, theirs)).toMatchObject({ changes: ['SaveImage #9 removed'], conflicts: [words] });
  expect(merged(base, ours, theirs, { [words]: 'theirs' }).changes).toEqual([
    'SaveImage #9: filename_prefix ComfyUI -> portrait',
  ]);
  expect(merged(base, theirs, ours).changes).toEqual(['SaveImage #9: filename_prefix ComfyUI -> portrait']);
});

test('a node taken out here and connected there: it comes back with all its links, or stays away with the new one', () => {
  const [ours, theirs] = [without(8), withNode(preview(10), [[10, 8, 0, 10, 0, 'IMAGE']])];
  const words = 'VAEDecode #8  the node: ours deleted, theirs edited';
  const inPlace = merged(base, ours, theirs);
  expect(inPlace.conflicts).toEqual([words]);
  expect(inPlace.changes).toEqual([
    'SaveImage #9: images no longer connected',
    'PreviewImage #10 added',
    'VAEDecode #8 removed',
  ]);
  expect(merged(base, ours, theirs, { [words]: 'theirs' }).changes).toEqual(['PreviewImage #10 added']);
});

test('one takes out a node, the other what feeds it: both are gone', () => {
  expect(merged(base, without(8), without(9))).toMatchObject({
    changes: ['VAEDecode #8 removed', 'SaveImage #9 removed'],
    conflicts: [],
  });
});

test('a node that comes back brings what feeds it', () => {
  // Both the decoder and what saves its picture are gone here; there the saving node was edited.
  const [ours, theirs] = [without(8, without(9)), valued(9, 0, 'portrait')];
  const words = 'SaveImage #9  the node: ours deleted, theirs edited';
  expect(merged(base, ours, theirs).conflicts).toEqual([words]);
  expect(merged(base, ours, theirs, { [words]: 'theirs' }).changes).toEqual([
    'SaveImage #9: filename_prefix ComfyUI -> portrait',
  ]);
});

test('what both put in at one place stands in the same order, whoever merges', () => {
  const labelled = (name: string) =>
    edited(3, ({ inputs }) => ({ inputs: [...inputs, { name, type: 'FLOAT', label: name, link: null }] }));
  const names = (workflow: ReturnType<typeof merged>['workflow']) => writeJson(workflow.get('nodes') ?? null);
  const [one, two] = [labelled('shift'), labelled('eta')];
  expect(names(merged(base, one, two).workflow)).toBe(names(merged(base, two, one).workflow));
});

test('groups that both added under one id are two groups', () => {
  const grouped = (title: string) => ({ ...textToImage(), groups: [{ id: 1, title, bounding: [0, 0, 9, 9] }] });
  const { conflicts, changes } = merged(base, grouped('Load'), grouped('Save'));
  expect(conflicts).toEqual([]);
  expect(changes).toEqual(['workflow: group "Load" added', 'workflow: group "Save" added']);
});

test('one takes out a node, the other leads its reader elsewhere', () => {
  const rewired = withNode(
    { id: 10, type: 'EmptyImage', inputs: [], outputs: [{ name: 'IMAGE', type: 'IMAGE' }] } as never,
    [[10, 10, 0, 9, 0, 'IMAGE']],
  );
  for (const result of [merged(base, without(8), rewired), merged(base, rewired, without(8))]) {
    expect(result.conflicts).toEqual([]);
    expect(result.changes).toContain('SaveImage #9: images now from EmptyImage #10');
  }
});

test('one input fed by two new links is a conflict', () => {
  const ours = withNode(lora(10, 'ink'), loraPath(10, 10));
  const theirs = withNode(lora(11, 'oil'), loraPath(11, 12));
  const { conflicts, changes } = merged(base, ours, theirs);
  expect(conflicts).toEqual([
    'KSampler "base" #3  model: ours from LoraLoaderModelOnly #10 MODEL, theirs from LoraLoaderModelOnly #11 MODEL (was from CheckpointLoaderSimple #4)',
  ]);
  expect(changes).toContain('KSampler "base" #3: model now from LoraLoaderModelOnly #10');
  expect(merged(base, ours, theirs, { 'KSampler "base" #3  model': 'theirs' }).changes).toContain(
    'KSampler "base" #3: model now from LoraLoaderModelOnly #11',
  );
});

test('both put another class in the place of a node: one conflict, about the whole of it', () => {
  const as = (type: string) => edited(3, () => ({ type, widgets_values: [1, 'fixed', 20] }));
  const { conflicts } = merged(base, as('KSamplerAdvanced'), as('SamplerCustom'));
  expect(conflicts).toEqual([
    'KSamplerAdvanced "base" #3  the node: ours now KSamplerAdvanced, theirs now SamplerCustom',
  ]);
});

test('one puts another class in the place of a node that the other edits', () => {
  const other = edited(3, () => ({ type: 'KSamplerAdvanced', widgets_values: ['enable', 42] }));
  expect(merged(base, valued(3, 2, 30), other).conflicts).toHaveLength(1);
  expect(merged(base, textToImage(), other).conflicts).toEqual([]);
});

test('a list of values that one side made longer takes the other one’s edit elsewhere; at the same place nobody guesses', () => {
  const stack = (values: unknown[]) => edited(7, () => ({ type: 'Stack', widgets_values: values }));
  const before = stack(['a', 1, 'b', 2]);
  const result = merged(before, stack(['a', 1, 'b', 2, 'c', 3]), stack(['a', 9, 'b', 2]));
  expect(result.conflicts).toEqual([]);
  expect(result.changes).toEqual(['Stack #7: #1 1 -> 9', 'Stack #7: #4 now c', 'Stack #7: #5 now 3']);
  expect(merged(before, stack(['a', 1, 'b', 2, 'c']), stack(['a', 1, 'b', 2, 'd'])).conflicts).toHaveLength(1);
});

test('versions of packs that both sides saved with go to the newer one', () => {
  const at = (ver: string) => edited(3, () => ({ properties: { ver } }));
  const { conflicts, workflow } = merged(at('0.3.9'), at('0.3.40'), at('0.3.10'));
  expect(conflicts).toEqual([]);
  expect(
    JSON.stringify(
      [...workflow.entries()].map(([, value]) => value),
      (_, value) => (value instanceof Map ? [...value] : value),
    ),
  ).toContain('0.3.40');
});

test('counters go to the higher one', () => {
  const counted = (last_node_id: number) => ({ ...textToImage(), last_node_id });
  expect(merged(base, counted(100), counted(104)).workflow.get('last_node_id')).toBe(104);
});

test('without a common version every difference is a conflict, item by item where the files are of one kin', () => {
  const [ours, theirs] = [valued(3, 2, 30), withNode(preview(10), [[10, 8, 0, 10, 0, 'IMAGE']])];
  const { conflicts } = merged(undefined, ours, theirs);
  expect(conflicts).toEqual([
    'PreviewImage #10  the node: ours not there, theirs there',
    'KSampler "base" #3  steps: ours 30, theirs 20',
  ]);
  expect(merged(undefined, base, textToImage()).conflicts).toEqual([]);
  const other = { version: 0.4, last_node_id: 1, last_link_id: 0, nodes: [{ id: 1, type: 'Note' }], links: [] };
  expect(merged(undefined, base, other).conflicts).toEqual([
    'workflow  the whole file: ours not there, theirs not there'.replaceAll('not there', 'one version'),
  ]);
});
