import { InputError } from '../errors.js';
import type { Definition, Graph, GraphNode, Workflow } from './graph.js';
import { renumberedIds } from './renumbered-ids.js';

/** A node where it stands when subgraph instances are unfolded: an interior node has one place for each instance. */
export interface Place {
  /** Ids from the root down, joined by `:`. It is the node's id in the prompt. */
  readonly id: string;
  readonly node: GraphNode;
  /** The graph that holds the node. */
  readonly graph: Graph;
  /** The instance that holds that graph; `undefined` at the root. */
  readonly host: Place | undefined;
  /** For an instance: what it is an instance of. */
  readonly definition: Definition | undefined;
  /** For an instance: interior ids that the frontend renumbers when it loads the file, old to new. */
  readonly renumbered: ReadonlyMap<string, string>;
}

export type Places = ReadonlyMap<string, Place>;

/** More unfolded nodes than any workflow seen (the largest has 976); definitions that use each other twice grow without end. */
const maxPlaces = 50_000;
/** Subgraphs inside each other; the deepest seen is three. */
const maxDepth = 64;

/**
 * All nodes of a workflow with its instances unfolded, instance before interior. As in the frontend, a muted or bypassed
 * instance at the root is not unfolded, while one inside a subgraph is.
 * @throws InputError `subgraph-cycle`, `workflow-too-large`
 */
export function unfold(workflow: Workflow): Places {
  const places = new Map<string, Place>();
  const renumbered = workflow.renumbered ?? renumberedIds(workflow);
  const add = (graph: Graph, host: Place | undefined, above: readonly string[]) => {
    for (const node of graph.nodes.values()) {
      const definition = workflow.definitions.get(node.type);
      const id = idIn(host, node.id);
      const place = { id, node, graph, host, definition, renumbered: renumbered.get(definition?.id ?? '') ?? none };
      places.set(id, place);
      if (places.size > maxPlaces) throw tooLarge();
      if (definition === undefined || (host === undefined && node.state !== 'active')) continue;
      if (above.includes(definition.id)) throw cycle(definition);
      if (above.length >= maxDepth) throw tooLarge();
      add(definition, place, [...above, definition.id]);
    }
  };
  add(workflow.root, undefined, []);
  return places;
}

export const tooLarge = () =>
  new InputError('workflow-too-large', `the workflow unfolds to more than ${maxPlaces} nodes, or ${maxDepth} levels`, {
    hint: 'its subgraphs hold each other many times over; ask whoever made the file',
  });

const cycle = ({ name }: Definition) =>
  new InputError('subgraph-cycle', `the subgraph "${name}" contains itself`, {
    hint: 'ComfyUI cannot run it either; take the inner instance out',
  });

const none: ReadonlyMap<string, string> = new Map();

const idIn = (host: Place | undefined, id: string) =>
  host === undefined ? id : `${host.id}:${host.renumbered.get(id) ?? id}`;

/** The interior node of an instance, or a sibling at the root, by its id in the file. */
export const placeIn = (places: Places, host: Place | undefined, id: string): Place | undefined =>
  places.get(idIn(host, id));
