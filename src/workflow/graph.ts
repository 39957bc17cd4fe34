import { InputError } from '../errors.js';
import type { Definition, Workflow } from './graph-shapes.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { readGraph } from './read-graph.js';
import { readDefinitionSlots } from './slot-shapes.js';

/** What reading gives is told apart from reading, which needs it. */
export * from './graph-shapes.js';

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
