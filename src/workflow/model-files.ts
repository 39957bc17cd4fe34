import type { FoundNode } from './every-node.js';
import { slashes } from './folder-index.js';
import { listedFolder, type ServerFolders } from './listed-folder.js';
import { lorasInText, readsNoLoras } from './lora-texts.js';
import { coreModelFolder, hasModelExtension, isCoreLoader, isNoFile, vaeFiles } from './model-inputs.js';
import type { ModelReference } from './model-reference.js';
import { type NamedModel, namedAs } from './named-models.js';
import { packModelFolder, usualFolder } from './pack-model-inputs.js';

/** Where a text stands. */
export interface Where {
  readonly node: FoundNode;
  readonly input: string;
  readonly member: string | undefined;
  readonly executed: boolean;
}

/** Longer texts are prompts, not names. */
const maxNameLength = 1024;

/** What helps to tell what a name means. */
export interface Known extends ServerFolders {
  readonly named: ReadonlyMap<string, readonly NamedModel[]>;
  readonly shards: (name: string) => string[];
}

/** The files that a text is the name of: none for most, several for a model in parts or a pair. */
export function filesOf(value: string, where: Where, known: Known): ModelReference[] {
  if (value.length > maxNameLength || isNoFile(value) || /[\n\r]|:\/\//.test(value)) return [];
  const { node, input } = where;
  const core = coreModelFolder(node.classType, input);
  const name = slashes(value);
  if (core === 'vae') return parts(value, where, known, vaeFiles(name));
  if (core !== undefined) return parts(value, where, known, [{ folder: core, name }]);
  const files = isCoreLoader(node.classType) ? [name] : known.shards(name);
  const inFolder = (folder: string | undefined) => files.map((file) => ({ folder, name: file }));
  const folder = folderOf(value, where, known);
  if (folder !== undefined) return parts(value, where, known, inFolder(folder));
  if (!hasModelExtension(value)) return rowLora(value, where);
  return parts(value, where, known, inFolder(usualFolder(node.classType, input)), true);
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

/** LoRAs that a text names in its midst. */
export function textLoras(text: string, where: Where): ModelReference[] {
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
