import { InputError } from '../errors.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { readGraph } from './read-graph.js';
import { readDefinitionSlots } from './slot-shapes.js';

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

/** Whether a document has the shape of a workflow at all: an object with a list of nodes. */
export const looksLikeWorkflow = (json: Json): json is JsonObject => isObject(json) && isArray(json.get('nodes'));

/**
 * Reads a workflow in UI format, version 0.4 (links as tuples) or 1 (links as objects), mixed or not.
 * @throws InputError `not-a-workflow`; `workflow-damaged` where a node, link or definition has no readable shape
 */
export function readWorkflow(json: Json): Workflow {
  if (!looksLikeWorkflow(json)) {
    throw new InputError('not-a-workflow', 'this is not a ComfyUI workflow: it has no list of nodes', {
      hint: 'save the workflow in ComfyUI (not "Export (API)") and give that file',
    });
  }
  return { source: json, root: readGraph(json, 'the workflow'), definitions: readDefinitions(json) };
}

/** A definition may hold further ones; as in the frontend they come behind it. Of two with one id the first counts. */
function readDefinitions(json: JsonObject, found = new Map<string, Definition>()): ReadonlyMap<string, Definition> {
  const holder = json.get('definitions');
  const list = isObject(holder) ? holder.get('subgraphs') : undefined;
  for (const source of isArray(list) ? list : []) {
    const definition = readDefinition(source);
    if (!found.has(definition.id)) found.set(definition.id, definition);
    readDefinitions(definition.source, found);
  }
  return found;
}

function readDefinition(source: Json): Definition {
  const id = isObject(source) ? source.get('id') : undefined;
  if (!isObject(source) || typeof id !== 'string') {
    throw new InputError('workflow-damaged', 'a subgraph definition of the workflow has no id');
  }
  const name = source.get('name');
  return {
    ...readGraph(source, `the subgraph ${id}`),
    id,
    name: typeof name === 'string' ? name : id,
    inputs: readDefinitionSlots(source.get('inputs')),
    outputs: readDefinitionSlots(source.get('outputs')),
    source,
  };
}
