import type { Json, JsonObject } from './json.js';

/**
 * What the normal form takes out of one workflow: enough to put every position, size, colour, group box, reroute and the
 * order of nodes back where it was. Immutable JSON document of the store, `layout: 1`.
 */
export interface Layout {
  readonly layout: 1;
  /** When it was taken out, ISO 8601 in UTC: of two layouts for one blob and path the newest wins. */
  readonly time: string;
  /** The graph at the root, then one entry a subgraph definition, by its id. */
  readonly root: GraphLayout;
  readonly subgraphs: ReadonlyMap<string, GraphLayout>;
}

/** The layout of one graph. All members hold keys exactly as they stood in the file. */
export interface GraphLayout {
  /** Node ids in the order of the file (z-order), as JSON texts of the ids. */
  readonly order: readonly string[];
  /** By JSON text of the node's id: the members that were taken out (`pos`, `size`, `color` ...), slots' ones included. */
  readonly nodes: ReadonlyMap<string, JsonObject>;
  /** Group boxes, in file order. */
  readonly groups: readonly JsonObject[];
  /** Members of the graph object and of its `extra` (`ds`, `reroutes`, `floatingLinks`, `inputNode` ...). */
  readonly members: ReadonlyMap<string, Json>;
}
