/** Node types that exist in the browser only: they shape the graph and never reach a prompt. */
const notes: ReadonlySet<string> = new Set([
  'Note',
  'MarkdownNote',
  'Label (rgthree)',
  'Bookmark (rgthree)',
  'Fast Muter (rgthree)',
  'Fast Bypasser (rgthree)',
  'Fast Groups Muter (rgthree)',
  'Fast Groups Bypasser (rgthree)',
  'Fast Actions Button (rgthree)',
  'Mute / Bypass Relay (rgthree)',
  'Mute / Bypass Repeater (rgthree)',
]);

/** Output n hands on input n. */
const passThrough: ReadonlySet<string> = new Set(['Reroute', 'Reroute (rgthree)', 'SetNode', 'easy setNode']);

const getters: ReadonlyMap<string, string> = new Map([
  ['GetNode', 'SetNode'],
  ['easy getNode', 'easy setNode'],
]);

/** These add links by rules that only the browser knows (geometry, colours, regular expressions). */
const browserOnly: ReadonlySet<string> = new Set([
  'Anything Everywhere',
  'Anything Everywhere?',
  'Anything Everywhere3',
  'Prompts Everywhere',
  'Seed Everywhere',
  'Node Collector (rgthree)',
  'Node Combiner (rgthree)',
]);

export const primitiveType = 'PrimitiveNode';

export const isPassThrough = (type: string): boolean => passThrough.has(type);

/** The type of node that a getter reads from, by the name in its first widget. */
export const setterOf = (type: string): string | undefined => getters.get(type);

export const isSetter = (type: string): boolean => [...getters.values()].includes(type);

export const isBrowserOnly = (type: string): boolean => browserOnly.has(type);

/** A node group of frontends before subgraphs. */
export const isGroupNode = (type: string): boolean => /^workflow[>/]/.test(type);

export const isVirtualType = (type: string): boolean =>
  type === primitiveType || notes.has(type) || passThrough.has(type) || getters.has(type) || browserOnly.has(type);
