import { everyNode, type FoundNode } from './every-node.js';
import { slashes } from './folder-index.js';
import type { ObjectInfo } from './interfaces.js';
import { listedFolder, type ServerFolders } from './listed-folder.js';
import { isSwitchedOff, stackedTexts } from './lora-stacks.js';
import { lorasInText, readsNoLoras } from './lora-texts.js';
import { coreModelFolder, hasModelExtension, isCoreLoader, isNoFile, vaeFiles } from './model-inputs.js';
import { type NamedModel, namedAs, namedModels } from './named-models.js';
import { packModelFolder, usualFolder } from './pack-model-inputs.js';
import type { Source } from './resolved-nodes.js';
import { boundedShards } from './shards.js';

/** A model file that a node loads. */
export interface ModelReference {
  /** Folder under ComfyUI's `models`; `undefined` where only the extension told that it is a model. */
  readonly folder: string | undefined;
  /** Relative to the folder, with `/`. Names of tiny autoencoders and of LoRAs in texts are stems: what names them has no extension. */
  readonly name: string;
  /** The value as it stands in the workflow; a server wants this spelling, separators included. */
  readonly value: string;
  /** Path of node ids, `12:5` inside a subgraph. */
  readonly node: string;
  readonly classType: string;
  readonly input: string;
  /** `true` where no table, no folder list and no word of the file names the folder. */
  readonly guess: boolean;
  /** `false` where the node is muted or bypassed, or the row of a stack is switched off. */
  readonly executed: boolean;
  /** The value stands for several files, or is a text that holds the name. */
  readonly part?: true;
  /** What the workflow says of the file. */
  readonly named?: NamedModel;
}

/**
 * Models that the nodes of a workflow or prompt name: by (class, input) for the loaders that we know, by the folder whose file list makes up the
 * choices of the input or alone holds the value, by what the file itself says (`properties.models`), and last by extension, which is marked as a guess.
 * A value promoted to a subgraph's instance counts as the instance has it. Each file of a node once, in node order; of muted ones last.
 */
export function modelReferences(
  source: Source,
  info?: ObjectInfo,
  folders?: ServerFolders['folders'],
): ModelReference[] {
  const named = 'root' in source ? namedModels(source) : none;
  const known = { named, info, folders, shards: boundedShards() };
  const found = everyNode(source, info).flatMap((node) =>
    [...node.values].flatMap(([input, value]) => {
      const off = isSwitchedOff(node, input);
      return stackedTexts(value).flatMap(({ text, member, on }) => {
        const where = { node, input, member, executed: node.executed && on && !off };
        return [...filesOf(text, where, known), ...textLoras(text, where)];
      });
    }),
  );
  return unique(found);
}

const none: ReadonlyMap<string, readonly NamedModel[]> = new Map();

/** The file that a row switches off may be named in one that is on. */
function unique(found: readonly ModelReference[]): ModelReference[] {
  const byKey = new Map<string, ModelReference>();
  for (const reference of found) {
    const { node, input, folder, name } = reference;
    const key = JSON.stringify([node, input, folder, name]);
    if (byKey.get(key)?.executed !== true) byKey.set(key, reference);
  }
  return [...byKey.values()];
}

interface Where {
  readonly node: FoundNode;
  readonly input: string;
  readonly member: string | undefined;
  readonly executed: boolean;
}

/** Longer texts are prompts, not names. */
const maxNameLength = 1024;

interface Known extends ServerFolders {
  readonly named: ReadonlyMap<string, readonly NamedModel[]>;
  readonly shards: (name: string) => string[];
}

function filesOf(value: string, where: Where, known: Known): ModelReference[] {
  if (value.length > maxNameLength || isNoFile(value) || /[\n\r]|:\/\//.test(value)) return [];
  const { node, input } = where;
  const core = coreModelFolder(node.classType, input);
  const name = slashes(value);
  if (core === 'vae') return parts(value, where, known, vaeFiles(name));
  if (core !== undefined) return parts(value, where, known, [{ folder: core, name }]);
  const files = isCoreLoader(node.classType) ? [name] : known.shards(name);
  const folder = folderOf(value, where, known);
  if (folder !== undefined)
    return parts(
      value,
      where,
      known,
      files.map((file) => ({ folder, name: file })),
    );
  if (!hasModelExtension(value)) return rowLora(value, where);
  const usual = usualFolder(node.classType, input);
  return parts(
    value,
    where,
    known,
    files.map((file) => ({ folder: usual, name: file })),
    true,
  );
}

/** A pack's input: by what the server lists, by our table, by what the file says. */
function folderOf(value: string, { node, input }: Where, known: Known): string | undefined {
  const listed = listedFolder(node.classType, input, value, known);
  if (listed !== undefined || !hasModelExtension(value)) return listed;
  return packModelFolder(node.classType, input) ?? namedAs(known.named, undefined, slashes(value))?.directory;
}

interface File {
  readonly folder: string | undefined;
  readonly name: string;
}

function parts(value: string, where: Where, known: Known, files: readonly File[], guess = false): ModelReference[] {
  return files.map(({ folder, name }) => {
    const said = namedAs(known.named, folder, name);
    return {
      ...placeOf(where),
      folder,
      name,
      value,
      guess,
      ...(files.length === 1 ? {} : { part: true as const }),
      ...(said === undefined ? {} : { named: said }),
    };
  });
}

const placeOf = ({ node, input, executed }: Where) => ({
  node: node.id,
  classType: node.classType,
  input,
  executed,
});

/** LoRA Manager's rows name LoRAs without extension. */
function rowLora(value: string, where: Where): ModelReference[] {
  const isRow = where.member === 'name' && /lora/i.test(where.node.classType);
  return isRow ? [{ ...placeOf(where), folder: 'loras', name: slashes(value), value, guess: true, part: true }] : [];
}

function textLoras(text: string, where: Where): ModelReference[] {
  if (readsNoLoras(where.node.classType)) return [];
  return lorasInText(text).map((name) => ({
    ...placeOf(where),
    folder: 'loras',
    name: slashes(name),
    value: name,
    guess: true,
    part: true,
  }));
}

export {
  type EmbeddingReference,
  embeddingReferences,
  type InputReference,
  inputKey,
  inputReferences,
} from './input-references.js';
export { classesUsed, type PackHint, packsNamed } from './packs-named.js';
