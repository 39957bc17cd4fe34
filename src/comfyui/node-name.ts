import { isArray, isObject, type JsonObject, writeJson } from '../workflow/json.js';

/**
 * How a node is called in messages: `KSampler "base" #3`. The title comes from the prompt's `_meta`, else from the workflow;
 * one that only repeats the class is left out.
 */
export function nodeName(id: string, prompt: JsonObject, workflow?: JsonObject): string {
  const node = prompt.get(id);
  const type = isObject(node) ? node.get('class_type') : undefined;
  const title = titleInPrompt(id, prompt) ?? titleInWorkflow(id, workflow);
  const quoted = title === undefined || title === type ? '' : ` "${title}"`;
  return `${typeof type === 'string' ? type : 'node'}${quoted} #${id}`;
}

function titleInPrompt(id: string, prompt: JsonObject): string | undefined {
  const node = prompt.get(id);
  const meta = isObject(node) ? node.get('_meta') : undefined;
  const title = isObject(meta) ? meta.get('title') : undefined;
  return typeof title === 'string' && title !== '' ? title : undefined;
}

function titleInWorkflow(id: string, workflow: JsonObject | undefined): string | undefined {
  const nodes = workflow?.get('nodes');
  for (const node of isArray(nodes) ? nodes : []) {
    if (!isObject(node) || String(writeJson(node.get('id') ?? null)).replace(/^"|"$/g, '') !== id) continue;
    const title = node.get('title');
    return typeof title === 'string' && title !== '' ? title : undefined;
  }
  return undefined;
}
