import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { mergeWorkflows } from '../../src/workflow/merge.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { writeNormalText } from '../../src/workflow/normal-text.js';
import { document, textToImage } from './build.js';

type Change = Parameters<typeof textToImage>[0];
const sampler =
  (at: number, value: unknown): Change =>
  (nodes) => {
    (nodes['sampler']?.['widgets_values'] as unknown[])[at] = value;
  };
const graph = (change?: Change) => document(textToImage(change));

/** What the merge of two edits of the same workflow changes, in words. */
function merged(ours: object, theirs: object, base: object = textToImage()) {
  const result = mergeWorkflows(document(base), document(ours), document(theirs));
  const changes = diffWorkflows(readWorkflow(document(base)), readWorkflow(result.workflow)).map(changeText);
  return { changes, conflicts: result.conflicts };
}

test('edits of different values of one node unite', () => {
  expect(merged(textToImage(sampler(2, 30)), textToImage(sampler(3, 6)))).toEqual({
    changes: ['KSampler "base" #3: steps 20 -> 30', 'KSampler "base" #3: cfg 8 -> 6'],
    conflicts: [],
  });
});

test('both sides changed one value: ours stays, and it is said', () => {
  expect(merged(textToImage(sampler(2, 30)), textToImage(sampler(2, 40)))).toEqual({
    changes: ['KSampler "base" #3: steps 20 -> 30'],
    conflicts: ['nodes 3 widgets_values 2'],
  });
});

test('the same edit on both sides is no conflict', () => {
  expect(merged(textToImage(sampler(2, 30)), textToImage(sampler(2, 30))).conflicts).toEqual([]);
});

/** Puts a LoRA between checkpoint and sampler. */
function withLora(id: number, links: number) {
  const base = textToImage();
  const lora = {
    id,
    type: 'LoraLoaderModelOnly',
    inputs: [{ name: 'model', type: 'MODEL', link: 1 }],
    widgets_values: ['ink.safetensors', 1],
  };
  const nodes = base.nodes.map((node) =>
    node['type'] === 'KSampler'
      ? { ...node, inputs: node.inputs.map((slot, at) => (at === 0 ? { ...slot, link: links } : slot)) }
      : node,
  );
  return {
    ...base,
    last_node_id: id,
    last_link_id: links,
    nodes: [...nodes, lora],
    links: [
      ...base.links.map((link) => (link[0] === 1 ? [1, 4, 0, id, 0, 'MODEL'] : link)),
      [links, id, 0, 3, 0, 'MODEL'],
    ],
  };
}

test('a node put in on one side, a value on the other', () => {
  const { changes, conflicts } = merged(withLora(120, 110), textToImage(sampler(2, 30)));
  expect(conflicts).toEqual([]);
  expect(changes).toEqual([
    'KSampler "base" #3: steps 20 -> 30',
    'KSampler "base" #3: model now from LoraLoaderModelOnly #120',
    'LoraLoaderModelOnly #120 added: lora_name ink.safetensors, strength_model 1',
  ]);
});

test('two different nodes under one new id are a conflict', () => {
  const added = (type: string) => ({ ...textToImage(), nodes: [...textToImage().nodes, { id: 120, type }] });
  expect(merged(added('Note'), added('EmptyImage')).conflicts).toEqual(['nodes 120']);
});

test('a node taken away here and connected there is a conflict', () => {
  const base = textToImage();
  const without = {
    ...base,
    nodes: base.nodes.filter(({ id }) => id !== 9),
    links: base.links.filter(([id]) => id !== 9),
  };
  expect(
    merged(
      without,
      textToImage((nodes) => Object.assign(nodes['save'] ?? {}, { widgets_values: ['x'] })),
    ).conflicts,
  ).toEqual(['nodes 9']);
  const preview = {
    ...base,
    nodes: [...base.nodes, { id: 120, type: 'PreviewImage', inputs: [{ name: 'images', type: 'IMAGE', link: 90 }] }],
    links: [...base.links, [90, 8, 0, 120, 0, 'IMAGE']],
  };
  const noDecode = {
    ...base,
    nodes: base.nodes
      .filter(({ id }) => id !== 8)
      .map((node) => (node['id'] === 9 ? { ...node, inputs: [{ name: 'images', type: 'IMAGE', link: null }] } : node)),
    links: base.links.filter((link) => link[1] !== 8 && link[3] !== 8),
  };
  expect(merged(preview, noDecode).conflicts).toContain('link 90 from #8 to #120');
});

test('counters go to the higher one', () => {
  const [a, b] = [document({ ...textToImage(), last_node_id: 100 }), document({ ...textToImage(), last_node_id: 104 })];
  expect(mergeWorkflows(graph(), a, b).workflow.get('last_node_id')).toBe(104);
});

test('without a common version only equal files unite', () => {
  expect(mergeWorkflows(undefined, graph(), graph()).conflicts).toEqual([]);
  expect(mergeWorkflows(undefined, graph(), graph(sampler(2, 30))).conflicts).toEqual(['everything']);
});

test('laws: merging with the base changes nothing; the order of the sides does not matter where there is no conflict', () => {
  const edit = fc
    .record({ at: fc.constantFrom(0, 2, 3, 6), value: fc.nat(5) })
    .map(({ at, value }) => graph(sampler(at, value)));
  const text = (workflow: Parameters<typeof normalise>[0]) => writeNormalText(normalise(workflow).normal);
  fc.assert(
    fc.property(edit, edit, (ours, theirs) => {
      expect(text(mergeWorkflows(graph(), ours, graph()).workflow)).toBe(text(ours));
      expect(text(mergeWorkflows(graph(), graph(), theirs).workflow)).toBe(text(theirs));
      const [one, two] = [mergeWorkflows(graph(), ours, theirs), mergeWorkflows(graph(), theirs, ours)];
      expect(one.conflicts).toEqual(two.conflicts);
      if (one.conflicts.length === 0) expect(text(one.workflow)).toBe(text(two.workflow));
    }),
  );
});
