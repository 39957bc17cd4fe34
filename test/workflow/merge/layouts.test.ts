import { expect, test } from 'vitest';
import { applyLayout } from '../../../src/workflow/apply-layout.js';
import { isArray, isObject, toPlain } from '../../../src/workflow/json.js';
import { mergeLayouts } from '../../../src/workflow/merge/layouts.js';
import { mergeWorkflows } from '../../../src/workflow/merge/workflows.js';
import { normalise } from '../../../src/workflow/normal-form.js';
import { document, textToImage } from '../build.js';
import { edited, type Sketch, withNode } from './cases.js';

const placed = (from: Sketch): Sketch =>
  ({
    ...from,
    nodes: from.nodes.map((node) => ({ pos: [Number(node.id) * 300, 0], size: [200, 100], ...node })),
  }) as Sketch;
const moved = (id: number, pos: number[], from: Sketch) => edited(id, () => ({ pos }), from);
const preview = (id: number, pos: number[]) => ({
  id,
  type: 'PreviewImage',
  pos,
  size: [200, 100],
  inputs: [{ name: 'images', type: 'IMAGE' }],
});

/** Positions by id, as the merged file has them after a checkout. */
function positions(base: object, ours: object, theirs: object): Record<string, unknown> {
  const sides = [base, ours, theirs].map((side) => normalise(document(side)));
  const [b, o, t] = sides;
  if (b === undefined || o === undefined || t === undefined) throw new Error('three sides');
  const { workflow, names } = mergeWorkflows(b.normal, o.normal, t.normal);
  const layout = mergeLayouts({ base: b.layout, ours: o.layout, theirs: t.layout }, names);
  const nodes = applyLayout(workflow, layout).get('nodes');
  return Object.fromEntries(
    (isArray(nodes) ? nodes : [])
      .filter(isObject)
      .map((node) => [String(node.get('id')), toPlain(node.get('pos') ?? null)]),
  );
}

test('each node is where the side put it that moved or added it', () => {
  const base = placed(textToImage());
  const ours = withNode(preview(10, [11, 12]), [[10, 8, 0, 10, 0, 'IMAGE']], moved(3, [1, 2], base));
  const theirs = withNode(
    { ...preview(10, [21, 22]), title: 'other' } as never,
    [[10, 8, 0, 10, 0, 'IMAGE']],
    moved(4, [3, 4], base),
  );
  expect(positions(base, ours, theirs)).toMatchObject({
    3: [1, 2],
    4: [3, 4],
    10: [11, 12],
    100: [21, 22],
    5: [1500, 0],
  });
});

test('what both moved stays where we have it', () => {
  const base = placed(textToImage());
  expect(positions(base, moved(3, [1, 2], base), moved(3, [3, 4], base))).toMatchObject({ 3: [1, 2] });
});
