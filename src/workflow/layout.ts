import type { JsonObject } from './json.js';

/**
 * What the normal form takes out of one workflow: enough to put every position, size, colour, group box, reroute and the
 * order of nodes back where it was. JSON document of the store, `layout: 1`; of two for one blob and path the newest wins.
 */
export interface Layout {
  readonly layout: 1;
  /** When it was taken out, ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  /** The graph at the root. */
  readonly root: GraphLayout;
  /** By the id of the subgraph definition (see `graphsOf` for ids that are missing or stand twice). */
  readonly subgraphs: ReadonlyMap<string, GraphLayout>;
}

/** A layout as it comes out of a workflow: only the shell knows the time. */
export type UntimedLayout = Omit<Layout, 'time'>;

/** The layout of one graph. Members hold keys and values exactly as they stood in the file. */
export interface GraphLayout {
  /** Keys of the nodes (see `nodeKeys`) in the order of the file, which is the z-order. */
  readonly order: readonly string[];
  /** By node key: `pos`, `size`, `color` ..., `flags`, and for slots `inputs` and `outputs` by slot key. */
  readonly nodes: ReadonlyMap<string, JsonObject>;
  /** Keys of the groups in the order of the file. */
  readonly groupOrder: readonly string[];
  /** By group key: `bounding`, `color`, `font_size` ... */
  readonly groups: ReadonlyMap<string, JsonObject>;
  /** By link key: `parentId`, the reroute that a link of a definition ends on. */
  readonly links: ReadonlyMap<string, JsonObject>;
  /** Of the graph object itself: `revision`, `floatingLinks`, `reroutes`, `extra`, `inputNode`, `inputs` ... */
  readonly members: JsonObject;
}

/** A graph about which nothing is known. */
export const emptyGraphLayout: GraphLayout = {
  order: [],
  nodes: new Map(),
  groupOrder: [],
  groups: new Map(),
  links: new Map(),
  members: new Map(),
};
