import type { Json, JsonObject } from './json.js';

/** A workflow as people save it, typed for reading. Nothing is changed or made up; `source` is the document itself. */
export interface Workflow {
  readonly source: JsonObject;
  readonly root: Graph;
  /** Subgraph definitions by id; a node whose `type` is such an id is an instance of it. */
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Interior ids that loading changes, where that was worked out before ids were added. */
  readonly renumbered?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface Graph {
  /** In file order. Ids are unique. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** By the link's id. */
  readonly links: ReadonlyMap<string, Link>;
  /** Titles of the groups, in file order. */
  readonly groups: readonly string[];
}

/** A subgraph definition. Links whose origin is `inputNodeId` come from its inputs, those to `outputNodeId` leave it. */
export interface Definition extends Graph {
  readonly id: string;
  readonly name: string;
  readonly inputs: readonly DefinitionSlot[];
  readonly outputs: readonly DefinitionSlot[];
  /** Made from a legacy group node; the frontend then sends upload buttons too. */
  readonly fromGroup?: true;
  readonly source: JsonObject;
}

export interface DefinitionSlot {
  /** Identity of the slot; a user's other wording is in `label`. */
  readonly name: string;
  readonly label: string | undefined;
  readonly type: string;
  /** Ids of interior links, in file order. */
  readonly links: readonly string[];
}

/** Ids are texts: `3`, `12:5`; the file may hold numbers or strings. */
export interface GraphNode {
  readonly id: string;
  /** Class name, or id of a subgraph definition. */
  readonly type: string;
  /** Only where the user gave one. */
  readonly title: string | undefined;
  readonly state: 'active' | 'muted' | 'bypassed';
  readonly inputs: readonly InputSlot[];
  readonly outputs: readonly OutputSlot[];
  /** `widgets_values` by position, and by name where the file has them so (objects of packs count as named). */
  readonly values: readonly Json[] | undefined;
  readonly named: JsonObject | undefined;
  readonly properties: JsonObject;
  readonly source: JsonObject;
}

export interface InputSlot {
  readonly name: string;
  readonly label: string | undefined;
  readonly type: string;
  /** Id of the link that ends here. */
  readonly link: string | undefined;
  /** Name of the widget that this slot stands for. */
  readonly widget: string | undefined;
}

export interface OutputSlot {
  readonly name: string;
  readonly label: string | undefined;
  readonly type: string;
}

export interface Link {
  readonly id: string;
  readonly origin: string;
  readonly originSlot: number;
  readonly target: string;
  /** Position as written; the input that holds the link's id is the truth. */
  readonly targetSlot: number;
  readonly type: string;
}

/** Ids of the two boxes that stand for the outside, in links of a definition. */
export const inputNodeId = '-10';
export const outputNodeId = '-20';
