import { Interrupted } from '../errors.js';
import { type Difference, difference } from '../lock/drift.js';
import type { Dependencies } from '../lock/entries.js';
import { modelWords, splitModelKey } from '../lock/model-words.js';
import { currentFolderName, findByDigest } from '../models/find-model.js';
import { hashModels } from '../models/hash-models.js';
import { findInput } from './find-input.js';
import { annotation, inputDifference } from './input-difference.js';
import { budget, type Verifying } from './verifying.js';

/**
 * What is not what is expected under its name may be there under another.
 * @param renamed gets models that a run can use under the name that they have now
 * @throws Interrupted
 */
export async function lookElsewhere(
  found: Difference,
  { expected, renamed }: { readonly expected: Dependencies; readonly renamed: Map<string, string> },
  verifying: Verifying,
): Promise<Difference> {
  if (found.code === 'input-missing' || found.code === 'input-changed') return lookForInput(found, expected, verifying);
  if (found.code !== 'model-missing' && found.code !== 'model-changed') return found;
  return lookForModel(found, expected, renamed, verifying);
}

/** An input may have been moved within ComfyUI's input folder. */
async function lookForInput(
  found: Difference,
  expected: Dependencies,
  { around, signal, budgetMs }: Verifying,
): Promise<Difference> {
  const digest = expected.inputs.get(found.subject)?.digest;
  const folder = around.installation?.input;
  if (digest === undefined || digest === 'missing' || digest === 'unhashed' || folder === undefined) return found;
  const state = found.code === 'input-missing' ? 'gone' : 'replaced';
  const places = [{ folder, name: "ComfyUI's input folder" }];
  const enough = budgetMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]);
  try {
    const there = await findInput(found.subject.replace(annotation, ''), digest, places, enough);
    return there === undefined ? found : inputDifference(found.subject, state, there.words);
  } catch (error) {
    if (error instanceof Interrupted && !signal.aborted) return found; // no time left to look
    throw error;
  }
}

/** A model may have been renamed, or moved to another folder. */
async function lookForModel(
  found: Difference,
  expected: Dependencies,
  renamed: Map<string, string>,
  { around, signal, talk, budgetMs }: Verifying,
): Promise<Difference> {
  const entry = expected.models.get(found.subject);
  const folders = around.installation?.modelFolders;
  if (entry?.size === undefined || !entry.digest.startsWith('sha256:') || folders === undefined) return found;
  const { folder } = splitModelKey(found.subject);
  const hash = async (path: string) => {
    const hashed = (await hashModels([path], { cache: around.cache, signal, talk, ...budget(budgetMs) })).get(path);
    return hashed !== undefined && 'digest' in hashed ? hashed : undefined;
  };
  const digest = entry.digest as `sha256:${string}`;
  const sought = { digest, size: entry.size, folder, sample: around.cache.sampleOf(digest) };
  const there = await findByDigest(sought, folders, hash);
  if (there === undefined) return found;
  const now = `${there.folder}/${there.name}`;
  if (there.folder !== currentFolderName(folder)) {
    return { ...found, text: `${found.text}; the same content is ${now}` };
  }
  renamed.set(found.subject, there.name);
  const was = found.code === 'model-missing' ? 'not under this name' : 'another file has this name now';
  return difference('model-renamed', found.subject, `${modelWords(found.subject)}: ${was}, its content is ${now}`);
}
