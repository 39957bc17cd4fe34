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
const ordinary: LayoutMembers = {
  ...anywhere,
  node: new Set(['pos', 'size', 'shape', 'color', 'bgcolor', 'boxcolor', 'showAdvanced']),
  flags: new Set(['collapsed', 'pinned', 'ghost']),
  group: new Set(['bounding', 'color', 'font_size', 'flags', 'locked', 'nodes']),
  extra: new Set([...extra, 'workflowRendererVersion']),
};

/** cg-use-everywhere decides by geometry, colours and titles which inputs a node feeds: there they are not layout. */
const everywhere: LayoutMembers = {
  ...anywhere,
  node: new Set(['shape', 'showAdvanced']),
  flags: new Set(['pinned', 'ghost']),
  group: new Set(['font_size', 'flags', 'locked']),
  extra: new Set(extra),
};

/** The word alone; looked for in every node of every file. */
const isEverywhere = (type: string) => type.includes('Everywhere') && /\bEverywhere\b/.test(type);

/** What is layout in this workflow; `types` are the node types of all its graphs. */
export function layoutMembers(types: Iterable<Json | undefined>): LayoutMembers {
  for (const type of types) if (typeof type === 'string' && isEverywhere(type)) return everywhere;
  return ordinary;
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
