import type { Json, JsonObject } from '../json.js';

/** Where an input gets its value from, in words that do not change when ids of links or numbers of slots do. */
export interface Source {
  /** Loose id of the node; `-10` for an input of the subgraph; empty for a value of a prompt that stands in a link's place. */
  readonly origin: string;
  /** Key of the output there. */
  readonly output: string;
  /** The link as the file has it. */
  readonly link: Json;
}

/** A node, its links told apart from the rest. A subgraph's own slots are two more: `-10` has outputs, `-20` has inputs. */
export interface MergeNode {
  /** All members; inputs without the ids of their links. */
  readonly fields: JsonObject;
  /** By the key of the input slot. */
  readonly links: ReadonlyMap<string, Source>;
}

/** A graph taken apart for merging. */
export interface MergeGraph {
  /** By loose id, in the order of the file. */
  readonly nodes: ReadonlyMap<string, MergeNode>;
  /** Members of the graph itself; neither its nodes, links, own slots nor definitions. */
  readonly fields: JsonObject;
}

export const sameSource = (a: Source, b: Source): boolean => a.origin === b.origin && a.output === b.output;

/** The nodes with some of them replaced. */
export const withNodes = (graph: MergeGraph, changed: Iterable<readonly [string, MergeNode]>): MergeGraph => ({
  ...graph,
  nodes: new Map([...graph.nodes, ...changed]),
});
