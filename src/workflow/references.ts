import type { ObjectInfo } from './interfaces.js';
import type { Json } from './json.js';
import { coreModelFolder, hasModelExtension, isNoFile, vaeFiles } from './model-inputs.js';
import { type ResolvedNode, resolveNodes, type Source } from './resolved-nodes.js';

/** A model file that a node loads. */
export interface ModelReference {
  /** Folder under ComfyUI's `models`; `undefined` where only the extension told that it is a model. */
  readonly folder: string | undefined;
  /** Relative to the folder, with `/`. Names of tiny autoencoders are stems: ComfyUI lists them without extension. */
  readonly name: string;
  /** The value as it stands in the workflow; a server wants this spelling, separators included. */
  readonly value: string;
  /** Path of node ids, `12:5` inside a subgraph. */
  readonly node: string;
  readonly classType: string;
  readonly input: string;
  /** `true` where no table and no folder list names the folder. */
  readonly guess: boolean;
}

/** What a server says of itself, where there is one. */
export interface ServerFolders {
  readonly info?: ObjectInfo | undefined;
  /** Files by folder, as `/models/<folder>` lists them. */
  readonly folders?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * Models that the active nodes of a workflow or prompt name: by (class, input) for core loaders, by the folder whose file list holds
 * the value or makes up the choices of the input, and last by extension, which is marked as a guess. A value promoted to
 * a subgraph's instance counts as the instance has it. Each file of a node once, in node order.
 */
export function modelReferences(
  source: Source,
  info?: ObjectInfo,
  folders?: ServerFolders['folders'],
): ModelReference[] {
  const found = resolveNodes(source, info).flatMap((node) =>
    [...node.values].flatMap(([input, value]) =>
      texts(value).flatMap((text) => referencesOf(node, input, text, { info, folders })),
    ),
  );
  return [...new Map(found.map((reference) => [keyOf(reference), reference])).values()];
}

const keyOf = ({ node, input, folder, name }: ModelReference) => JSON.stringify([node, input, folder, name]);

/** A LoRA stack of a pack is one object a row: look at every text in a value, not only at plain ones. */
function texts(value: Json): string[] {
  if (typeof value === 'string') return value.length > maxNameLength ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return value instanceof Map ? [...value.values()].flatMap(texts) : [];
}

/** Longer texts are prompts, not names. */
const maxNameLength = 1024;

function referencesOf(node: ResolvedNode, input: string, value: string, server: ServerFolders): ModelReference[] {
  const { id, classType } = node;
  if (isNoFile(value)) return [];
  const where = { node: id, classType, input, value };
  const core = coreModelFolder(classType, input);
  if (core === 'vae') return vaeFiles(slashes(value)).map((file) => ({ ...where, ...file, guess: false }));
  const listed = core ?? listedFolder(node, input, value, server);
  if (listed !== undefined) return [{ ...where, folder: listed, name: slashes(value), guess: false }];
  if (!hasModelExtension(value) || /[\n\r]|:\/\//.test(value)) return [];
  return [{ ...where, folder: undefined, name: slashes(value), guess: true }];
}

const slashes = (name: string) => name.replaceAll('\\', '/');

/** The folder whose files are the choices of this input, else the only folder that lists the value. */
function listedFolder(node: ResolvedNode, input: string, value: string, server: ServerFolders): string | undefined {
  if (server.folders === undefined) return undefined;
  const spec = server.info?.get(node.classType)?.inputs.find(({ name }) => name === input);
  const choices = (spec?.choices ?? []).filter((choice) => typeof choice === 'string' && !isNoFile(choice));
  const offered = new Set(choices.map((choice) => slashes(String(choice))));
  const lists = [...server.folders].filter(([, files]) => files.length > 0);
  const made = lists.filter(([, files]) => files.every((file) => offered.has(slashes(file))));
  // Of folders inside each other's lists the one that explains most choices is meant.
  const [most] = made.sort(([, a], [, b]) => b.length - a.length);
  if (most !== undefined) return most[0];
  const holding = lists.filter(([, files]) => files.some((file) => slashes(file) === slashes(value)));
  return holding.length === 1 && hasModelExtension(value) ? holding[0]?.[0] : undefined;
}

export {
  type EmbeddingReference,
  embeddingReferences,
  type InputReference,
  inputKey,
  inputReferences,
} from './input-references.js';
export { classesUsed, type PackHint, packsNamed } from './packs-named.js';
