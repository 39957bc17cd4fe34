import { everyNode } from './every-node.js';
import type { ObjectInfo } from './interfaces.js';
import type { ServerFolders } from './listed-folder.js';
import { isSwitchedOff, stackedTexts } from './lora-stacks.js';
import { filesOf, textLoras } from './model-files.js';
import type { ModelReference } from './model-reference.js';
import { type NamedModel, namedModels } from './named-models.js';
import type { Source } from './resolved-nodes.js';
import { boundedShards } from './shards.js';

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

export {
  type EmbeddingReference,
  embeddingReferences,
  type InputReference,
  inputKey,
  inputReferences,
} from './input-references.js';
export type { ModelReference } from './model-reference.js';
export { classesUsed, type PackHint, packsNamed } from './packs-named.js';
