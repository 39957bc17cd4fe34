import { movingControls } from './drawn-seeds.js';
import { sameNumberText } from './exact-number.js';
import type { NodeName } from './facts.js';
import { inputNodeId } from './graph.js';
import { isNumber, type Json } from './json.js';
import { namedValues } from './node-values.js';
import { type Place, unfold } from './places.js';
import { isSeedName } from './prompt.js';
import { type ResolvedNode, resolveNodes, runs, type Source } from './resolved-nodes.js';
import { primitiveType } from './virtual-types.js';

/** An input whose number is not the one that runs. */
export interface DrawnInput {
  readonly node: Omit<NodeName, 'definition'>;
  readonly input: string;
  /** The end of a sentence about it. */
  readonly how: string;
}

/**
 * Numbers that the frontend changes at every queueing (the control behind them says so), and negative seeds, for which many packs
 * draw one themselves. Of nodes that would run; a number that a link brings is looked at where it comes from.
 */
export function drawnInputs(source: Source): DrawnInput[] {
  const nodes = resolveNodes(source);
  if (!('root' in source)) return nodes.flatMap(negativeSeeds);
  const constants = new Map(nodes.map(({ id, values }) => [id, values]));
  const controlled = [...unfold(source).values()].flatMap((place) => ofPlace(place, constants.get(place.id)));
  const known = new Set(controlled.map(({ node, input }) => `${node.id}.${input}`));
  const negative = nodes.flatMap(negativeSeeds).filter(({ node, input }) => !known.has(`${node.id}.${input}`));
  return [...controlled, ...negative];
}

function ofPlace(place: Place, constants: ReadonlyMap<string, Json> | undefined): DrawnInput[] {
  const { node, graph } = place;
  const feeds = node.type === primitiveType && [...graph.links.values()].some(({ origin }) => origin === node.id);
  if (!feeds && !runs(place)) return [];
  const values = namedValues(node);
  // The second of two samplers adds no noise: its seed decides nothing.
  if (values.some(({ name, value }) => name === 'add_noise' && value === 'disable')) return [];
  return values.flatMap(({ name, value }, at) => {
    const control = values[at + 1]?.value;
    if (!isNumber(value) || !movingControls.has(control)) return [];
    if (!feeds && !isOwn(place, name, constants)) return [];
    const how = `is drawn anew at every run (${String(control)})`;
    return [{ node: nameOf(place.id, node.type, node.title), input: name, how }];
  });
}

/** Nothing is linked to the input; or an instance around shows it as its own, and nothing is linked to that. */
function isOwn({ node, graph }: Place, name: string, constants: ReadonlyMap<string, Json> | undefined): boolean {
  const slot = node.inputs.find(({ widget, name: slotName }) => (widget ?? slotName) === name);
  if (slot?.link === undefined) return true;
  return graph.links.get(slot.link)?.origin === inputNodeId && constants?.has(name) === true;
}

function negativeSeeds({ id, classType, title, values }: ResolvedNode): DrawnInput[] {
  return [...values].flatMap(([input, value]) =>
    isSeedName(input) && isNumber(value) && sameNumberText(value).startsWith('-')
      ? [{ node: nameOf(id, classType, title), input, how: `is ${sameNumberText(value)}: the node draws one itself` }]
      : [],
  );
}

const nameOf = (id: string, type: string, title: string | undefined) => ({ path: [], type, title, id });
