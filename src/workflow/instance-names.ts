import { type Definition, type GraphNode, inputNodeId } from './graph.js';
import { readProxies } from './proxies.js';

/**
 * Names of the values that an instance of a subgraph holds: the definition's inputs that stand for a widget inside, or what
 * `properties.proxyWidgets` of older frontends lists.
 */
export function instanceNames(node: GraphNode, definition: Definition): string[] {
  const proxies = readProxies(node);
  if (proxies.length > 0) return proxies.map(({ widget }) => widget);
  const inside = new Set([...definition.nodes.values()].flatMap(({ inputs }) => inputs.flatMap(widgetLink)));
  const promoted = new Set(
    [...definition.links.values()]
      .filter(({ id, origin }) => origin === inputNodeId && inside.has(id))
      .map(({ originSlot }) => originSlot),
  );
  return definition.inputs.filter((_, at) => promoted.has(at)).map(({ name }) => name);
}

const widgetLink = ({ widget, link }: { widget: string | undefined; link: string | undefined }) =>
  widget === undefined || link === undefined ? [] : [link];
