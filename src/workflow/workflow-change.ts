import type { End, Fact, NodeName } from './facts.js';
import type { Json } from './json.js';

/** One thing that changed. `node` is absent where it is about the graph itself, which `path` names (empty: the root). */
export type WorkflowChange = About &
  (
    | { readonly kind: 'node-added' | 'node-removed'; readonly facts: readonly Fact[] }
    | { readonly kind: 'subgraph-added' | 'subgraph-removed'; readonly nodes: number }
    | { readonly kind: 'group'; readonly title: string; readonly added: boolean }
    | { readonly kind: 'renamed'; readonly before: string | undefined; readonly after: string | undefined }
    | { readonly kind: 'state'; readonly before: NodeState; readonly after: NodeState }
    | { readonly kind: 'chain'; readonly before: readonly ChainMember[]; readonly after: readonly ChainMember[] }
    | LinkChange
    | ValueChange
  );

export interface About {
  /** Names of the subgraphs around it, outermost first; empty at the root. */
  readonly path: readonly string[];
  /** As it is called after; a removed one as it was called before. */
  readonly node?: NodeName;
  /** The node's id before, where it has another one now. */
  readonly formerId?: string;
}

export interface LinkChange {
  readonly kind: 'link';
  /** Name of the input. */
  readonly key: string;
  readonly before: End | undefined;
  readonly after: End | undefined;
}

export interface ValueChange {
  readonly kind: 'value' | 'property';
  /** Name of the widget or property; members of objects and lists after a dot. `#2` where nobody knows the widget's name: its position. */
  readonly key: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** The frontend draws this value itself at every queueing (`control_after_generate` is not `fixed`). */
  readonly drawn?: true;
}

/** One LoRA of a chain. */
export interface ChainMember {
  readonly id: string;
  readonly type: string;
  /** File that it loads. */
  readonly file: string | undefined;
}

export type NodeState = 'active' | 'muted' | 'bypassed';
