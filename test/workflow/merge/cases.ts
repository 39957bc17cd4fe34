// Merges of two edits of one workflow, told in words.
import { diffWorkflows } from '../../../src/workflow/diff.js';
import { changeText } from '../../../src/workflow/diff-words.js';
import { readWorkflow } from '../../../src/workflow/graph.js';
import type { Choices, Side } from '../../../src/workflow/merge/sides.js';
import { conflictText, conflictWords } from '../../../src/workflow/merge/words.js';
import { mergeWorkflows } from '../../../src/workflow/merge/workflows.js';
import { document, sketch, textToImage } from '../build.js';

export type Sketch = ReturnType<typeof textToImage>;
type SketchNode = Sketch['nodes'][number];

/** What the merge changes in the common version, and what it leaves to a person; `choices` are by the words of a conflict. */
export function merged(base: object | undefined, ours: object, theirs: object, choices: Record<string, Side> = {}) {
  const [b, o, t] = [base && document(base), document(ours), document(theirs)];
  const first = mergeWorkflows(b, o, t);
  const words = conflictWords(first.conflicts, first.workflow, { versions: [o, t] }).map(conflictText);
  const chosen: Choices = new Map(
    Object.entries(choices).map(([start, side]) => {
      const at = words.findIndex((line) => line.startsWith(start));
      return [first.conflicts[at]?.key ?? '', side];
    }),
  );
  const result = chosen.size === 0 ? first : mergeWorkflows(b, o, t, chosen);
  const changes = diffWorkflows(readWorkflow(b ?? o), readWorkflow(result.workflow)).map(changeText);
  return {
    changes,
    conflicts: words,
    workflow: result.workflow,
    open: result.conflicts.filter(({ decided }) => !decided),
  };
}

/** The workflow with one node's members changed. */
export const edited = (id: number, change: (node: SketchNode) => object, from: Sketch = textToImage()): Sketch => ({
  ...from,
  nodes: from.nodes.map((node) => (node.id === id ? ({ ...node, ...change(node) } as SketchNode) : node)),
});

/** The workflow with one widget of a node changed. */
export const valued = (id: number, at: number, value: unknown, from?: Sketch): Sketch =>
  edited(
    id,
    (node) => ({ widgets_values: ((node as Record<string, unknown>)['widgets_values'] as unknown[]).with(at, value) }),
    from,
  );

/** The workflow without a node and its links. */
export function without(id: number, from: Sketch = textToImage()): Sketch {
  const links = from.links.filter(([, origin, , target]) => origin !== id && target !== id);
  return relinked(
    from,
    from.nodes.filter((node) => node.id !== id),
    links,
  );
}

/** The workflow with one more node, and links as `[id, origin, slot, target, input number, type]`; one that ends where another does replaces it. */
export function withNode(
  node: object & { id: number; type: string },
  links: readonly unknown[][],
  from: Sketch = textToImage(),
): Sketch {
  const isReplaced = (link: readonly unknown[]) => links.some((other) => other[3] === link[3] && other[4] === link[4]);
  const last = { last_node_id: node.id, last_link_id: Math.max(9, ...links.map(([id]) => Number(id))) };
  return {
    ...relinked(
      from,
      [...from.nodes, node as SketchNode],
      [...from.links.filter((link) => !isReplaced(link)), ...links],
    ),
    ...last,
  };
}

function relinked(from: Sketch, nodes: readonly SketchNode[], links: readonly (readonly unknown[])[]): Sketch {
  const { nodes: _, links: __, ...more } = from;
  const open = nodes.map((node) => ({ ...node, inputs: node.inputs.map((slot) => unlinked(slot)) }));
  return sketch(open as unknown as Parameters<typeof sketch>[0], links, more) as Sketch;
}

const unlinked = (slot: object) => Object.fromEntries(Object.entries(slot).filter(([key]) => key !== 'link'));
