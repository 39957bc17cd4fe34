import { isObject, type Json, type JsonObject } from './json.js';

/** Which members of a node, slot, group or graph are layout. */
export interface LayoutMembers {
  readonly node: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  readonly slot: ReadonlySet<string>;
  readonly group: ReadonlySet<string>;
  readonly graph: ReadonlySet<string>;
  readonly extra: ReadonlySet<string>;
  readonly box: ReadonlySet<string>;
  readonly link: ReadonlySet<string>;
}

const anywhere = {
  slot: new Set(['pos', 'dir', 'shape', 'color_on', 'color_off']),
  graph: new Set(['revision', 'floatingLinks', 'reroutes']),
  box: new Set(['bounding', 'pinned']),
  link: new Set(['parentId']),
};

const extra = ['ds', 'reroutes', 'linkExtensions', 'frontendVersion'];

/** The members that the normal form takes out (product.md, "Normal form"). */
export const ordinaryMembers: LayoutMembers = {
  ...anywhere,
  node: new Set(['pos', 'size', 'shape', 'color', 'bgcolor', 'boxcolor', 'showAdvanced']),
  flags: new Set(['collapsed', 'pinned', 'ghost']),
  group: new Set(['bounding', 'color', 'font_size', 'flags', 'locked', 'nodes']),
  extra: new Set([...extra, 'workflowRendererVersion']),
};

/** Every frontend computes it anew. */
export const derivedOfNode: ReadonlySet<string> = new Set(['order']);

/** What every slot can do without: mirrors of links and positions, and names in the language of whoever saved. */
export const derivedOfNodeSlot: ReadonlySet<string> = new Set(['slot_index', 'links', 'localized_name']);

/** A definition's own slots have no index; their `linkIds` are no mirror, since the order of them counts. */
export const derivedOfDefinitionSlot: ReadonlySet<string> = new Set(['localized_name']);

/** cg-use-everywhere decides by geometry, colours and titles which inputs a node feeds: there they are not layout. */
const everywhere: LayoutMembers = {
  ...anywhere,
  node: new Set(['shape', 'showAdvanced']),
  flags: new Set(['pinned', 'ghost']),
  group: new Set(['font_size', 'flags', 'locked']),
  extra: new Set(extra),
};

/**
 * What is layout in a workflow with these nodes, of all its graphs. Of the packs that people use only cg-use-everywhere looks at geometry when
 * a prompt is made; others (rgthree's group muters) do at a click, and what that changes is saved as modes.
 */
export function layoutMembers(nodes: Iterable<JsonObject>): LayoutMembers {
  for (const node of nodes) if (broadcasts(node)) return everywhere;
  return ordinaryMembers;
}

/** One of cg-use-everywhere's own nodes, or any other that it was told to broadcast from (its `is_UEnode`). */
function broadcasts(node: JsonObject): boolean {
  const type = node.get('type');
  if (typeof type === 'string' && type.includes('Everywhere') && /\bEverywhere\b/.test(type)) return true;
  const properties = node.get('properties');
  return isObject(properties) && properties.get('ue_convert') === true;
}

/** The object without these members, and the members; the object itself and nothing where it has none of them. */
export function takeMembers(
  object: JsonObject,
  names: ReadonlySet<string>,
): { readonly rest: JsonObject; readonly taken: JsonObject | undefined } {
  let taken: JsonObject | undefined;
  for (const [key, value] of object) if (names.has(key)) taken = (taken ?? new Map()).set(key, value);
  if (taken === undefined) return { rest: object, taken };
  const rest: JsonObject = new Map();
  for (const [key, value] of object) if (!names.has(key)) rest.set(key, value);
  return { rest, taken };
}

/** The object with those of the members that may stand there and that it has not got itself. */
export function putMembers(object: JsonObject, members: Json | undefined, names: ReadonlySet<string>): JsonObject {
  if (!isObject(members) || members.size === 0) return object;
  const whole: JsonObject = new Map(object);
  addMembers(whole, members, names);
  return whole;
}

/** As `putMembers`, into the object itself. */
export function addMembers(whole: JsonObject, members: JsonObject, names: ReadonlySet<string>): void {
  for (const [key, value] of members) if (names.has(key) && !whole.has(key)) whole.set(key, value);
}
