import type { ValueChange, WorkflowChange } from '../workflow-change.js';
import type { Mark } from './scene.js';

/** Which version a drawing shows; `both` has the one before on top of the one after. */
export type View = 'before' | 'after' | 'both';

/** What changed in one graph, by the ids that its nodes have in one version. */
export interface Marks {
  /** Nodes that are not listed are the same. */
  readonly nodes: ReadonlyMap<string, Mark>;
  readonly values: ReadonlyMap<string, readonly ValueChange[]>;
  readonly renamed: ReadonlyMap<string, { readonly before: string | undefined; readonly after: string | undefined }>;
  /** `<node id> <input>` of links that are not the same. */
  readonly links: ReadonlySet<string>;
}

/** @param changes those of one graph */
export function marksOf(changes: readonly WorkflowChange[], version: 'before' | 'after'): Marks {
  const nodes = new Map<string, Mark>();
  const values = new Map<string, ValueChange[]>();
  const renamed = new Map<string, { before: string | undefined; after: string | undefined }>();
  const links = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'chain') for (const { id } of change[version]) nodes.set(id, 'changed');
    if (change.node === undefined) continue;
    const id = version === 'before' ? (change.formerId ?? change.node.id) : change.node.id;
    const gone = version === 'before' ? 'node-added' : 'node-removed';
    if (change.kind === gone) continue;
    nodes.set(id, change.kind === 'node-added' ? 'added' : change.kind === 'node-removed' ? 'removed' : 'changed');
    if (change.kind === 'value' || change.kind === 'property') values.set(id, [...(values.get(id) ?? []), change]);
    if (change.kind === 'renamed') renamed.set(id, change);
    if (change.kind === 'link') links.add(`${id} ${change.key}`);
  }
  return { nodes, values, renamed, links };
}

/** Everything is new, or gone. */
export const allMarked = (ids: Iterable<string>, mark: Mark): Marks => ({
  nodes: new Map([...ids].map((id) => [id, mark])),
  values: new Map(),
  renamed: new Map(),
  links: new Set(),
});
