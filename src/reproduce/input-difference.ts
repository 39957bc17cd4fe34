import { type Difference, difference } from '../lock/drift.js';

/** What a lock's key says of an input that does not lie in the input folder. */
export const annotation = / \[(input|output)\]$/;

/**
 * An input that is not what it was, in words.
 * @param found where its content is now
 */
export function inputDifference(key: string, state: 'gone' | 'replaced', found: string | undefined): Difference {
  const was = state === 'gone' ? 'no longer there' : 'another file has this name now';
  if (found !== undefined) return difference('input-moved', key, `input ${key}: ${was}, its content is ${found}`);
  const code = state === 'gone' ? 'input-missing' : 'input-changed';
  const hint = `put the file back as ${key.replace(annotation, '')} in ComfyUI's ${annotation.exec(key)?.[1] ?? 'input'} folder`;
  return difference(code, key, `input ${key}: ${was}, and its content was not found`, hint);
}
