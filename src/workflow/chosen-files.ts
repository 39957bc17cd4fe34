import { everyNode } from './every-node.js';
import type { InputSpec, ObjectInfo } from './interfaces.js';
import { fileNames } from './listed-folder.js';
import { hasMediaExtension } from './media-names.js';
import { hasModelExtension } from './model-inputs.js';
import type { Source } from './resolved-nodes.js';

/**
 * Whether a node of a pack has a file chosen whose extension says nothing, out of a list of such: then only the lists of the folders, which
 * may be large, tell whether it is a model.
 */
export function choosesUnknownFiles(sources: Iterable<Source>, info: ObjectInfo | undefined): boolean {
  const inputs = new Map(
    [...(info ?? [])].flatMap(([classType, { pythonModule, inputs: specs }]) => {
      const offering = pythonModule?.startsWith('custom_nodes.') === true ? specs.filter(offersUnknown) : [];
      return offering.length === 0 ? [] : [[classType, new Set(offering.map(({ name }) => name))] as const];
    }),
  );
  if (inputs.size === 0) return false;
  return [...sources].some((source) =>
    everyNode(source, info).some(({ classType, values }) =>
      [...values].some(
        ([name, value]) => inputs.get(classType)?.has(name) === true && typeof value === 'string' && isUnknown(value),
      ),
    ),
  );
}

const offersUnknown = ({ choices = [] }: InputSpec) => choices.flatMap(fileNames).some(isUnknown);

const isUnknown = (name: string) =>
  /\.[a-z]\w{1,11}$/i.test(name) && !hasModelExtension(name) && !hasMediaExtension(name);
