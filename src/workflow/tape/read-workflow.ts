import { keys } from './key-ids.js';
import { areTold, readTapeGraph, type TapeGraph } from './read-graph.js';
import { isListAt, isObjectAt, itemsOf, memberOf, type Tape } from './tape.js';

/** A workflow of a tape. */
export interface TapeWorkflow {
  readonly tape: Tape;
  readonly root: TapeGraph;
  /** In the order of the file. */
  readonly definitions: readonly TapeDefinition[];
  /** Whether any node has a position. */
  readonly positioned: boolean;
}

export interface TapeDefinition {
  readonly graph: TapeGraph;
  /** The entry of its id, a text. */
  readonly id: number;
  /** Whether its nodes have to stay in the order of the file, see `collidingGraphs`. */
  readonly fileOrder: boolean;
}

/** `undefined` for what is no workflow, or not shaped as the frontend saves it. */
export function readTapeWorkflow(tape: Tape): TapeWorkflow | undefined {
  if (!isListAt(tape, memberOf(tape, 0, keys.links))) return undefined;
  const root = readTapeGraph(tape, 0);
  const bodies = definitionsIn(tape);
  if (root === undefined || root.nodes.length === 0 || bodies === undefined) return undefined;
  const graphs = bodies.map((body) => readTapeGraph(tape, body)).filter((graph) => graph !== undefined);
  if (graphs.length < bodies.length || !areTold(tape, bodies, keys.id)) return undefined;
  const colliding = collidingGraphs([root, ...graphs]);
  const definitions = graphs.map((graph) => ({
    graph,
    id: memberOf(tape, graph.entry, keys.id),
    fileOrder: colliding.has(graph),
  }));
  const isPlaced = ({ nodes }: TapeGraph) => nodes.some(({ entry }) => memberOf(tape, entry, keys.pos) >= 0);
  return { tape, root, definitions, positioned: [root, ...graphs].some(isPlaced) };
}

/** The bodies of the definitions; `undefined` where one is no object, or has definitions of its own. */
function definitionsIn(tape: Tape): number[] | undefined {
  const list = memberOf(tape, memberOf(tape, 0, keys.definitions), keys.subgraphs);
  const bodies = isListAt(tape, list) ? itemsOf(tape, list) : [];
  const isFlat = (body: number) => isObjectAt(tape, body) && memberOf(tape, body, keys.definitions) < 0;
  return bodies.every(isFlat) ? bodies : undefined;
}

/** See canonical-order.ts; the root is among them here, which nobody asks for. */
function collidingGraphs(graphs: readonly TapeGraph[]): ReadonlySet<TapeGraph> {
  const owners = new Map<number, TapeGraph>();
  const colliding = new Set<TapeGraph>();
  for (const graph of graphs)
    for (const { id } of graph.nodes) {
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, graph);
      else colliding.add(owner).add(graph);
    }
  return colliding;
}
