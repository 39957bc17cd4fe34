import { everyNode } from './every-node.js';
import type { ObjectInfo } from './interfaces.js';
import { stackedTexts } from './lora-stacks.js';
import type { Source } from './resolved-nodes.js';

/** An embedding that a text names; ComfyUI looks for the name as it is, then with each of its extensions. */
export interface EmbeddingReference {
  readonly name: string;
  readonly node: string;
  readonly classType: string;
  readonly input: string;
  /** `false` where the node is muted or bypassed. */
  readonly executed: boolean;
}

/**
 * `embedding:NAME` in texts of the nodes. As ComfyUI's tokenizer has it: only at the start of a segment, after white space or a
 * bracket; the name ends at white space, at the weight syntax, and loses commas around it.
 */
export function embeddingReferences(source: Source, info?: ObjectInfo): EmbeddingReference[] {
  return everyNode(source, info).flatMap(({ id, classType, values, executed }) =>
    [...values].flatMap(([input, value]) => {
      const names = stackedTexts(value).flatMap(({ text }) => embeddingNames(text));
      return [...new Set(names)].map((name) => ({ name, node: id, classType, input, executed }));
    }),
  );
}

function embeddingNames(text: string): string[] {
  if (!text.includes('embedding:')) return [];
  const found = [...text.matchAll(/(?<=^|[\s()])embedding:([^\s()]+)/g)].map(([, word = '']) => nameOf(word));
  return found.filter((name) => name !== '');
}

/** `foo:1.2` is `foo` with a weight; `style/foo,` has a comma behind it. */
function nameOf(word: string): string {
  const name = word.replace(/:-?\d[\d.]*$/, '');
  let [start, end] = [0, name.length];
  while (name[start] === ',') start++;
  while (end > start && name[end - 1] === ',') end--;
  return name.slice(start, end).replaceAll('\\', '/');
}
