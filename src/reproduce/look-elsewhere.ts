import { Interrupted, limited } from '../errors.js';
import { type Difference, difference } from '../lock/drift.js';
import type { Dependencies } from '../lock/entries.js';
import { modelWords, splitModelKey } from '../lock/model-words.js';
import { currentFolderName } from '../models/find-model.js';
import { findInput } from './find-input.js';
import { findModelContent } from './find-model-content.js';
import { annotation, inputDifference } from './input-difference.js';
import type { Verifying } from './verifying.js';

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
  const enough = budgetMs === undefined ? signal : limited(signal, budgetMs);
  try {
    const there = await findInput(found.subject.replace(annotation, ''), digest, places, enough);
    return there === undefined ? found : inputDifference(found.subject, state, there.words);
  } catch (error) {
    if (error instanceof Interrupted && !signal.aborted) return found; // no time left to look
    throw error;
  }
}

/** A model may have been renamed, moved to another folder, or hidden by a file that ComfyUI finds first. */
async function lookForModel(
  found: Difference,
  expected: Dependencies,
  renamed: Map<string, string>,
  verifying: Verifying,
): Promise<Difference> {
  const entry = expected.models.get(found.subject);
  const there = entry === undefined ? undefined : await findModelContent(found.subject, entry, verifying);
  if (there === undefined) return found;
  const now = `${there.folder}/${there.name}`;
  if (there.hidden) {
    const text = `${modelWords(found.subject)}: its content is in ${there.path}, where ComfyUI loads another file of that name`;
    return difference('model-hidden', found.subject, text, provideHint);
  }
  if (there.folder !== currentFolderName(splitModelKey(found.subject).folder)) {
    return { ...found, text: `${found.text}; the same content is ${now}`, hint: provideHint };
  }
  renamed.set(found.subject, there.name);
  const missing = found.code === 'model-missing';
  const was = missing ? 'not under this name' : 'another file has this name now';
  const text = `${modelWords(found.subject)}: ${was}, its content is ${now}`;
  return difference('model-renamed', found.subject, text, missing ? provideHint : usedHint);
}

const provideHint = 'to have it where it is looked for: git comfy provide --models';
const usedHint = 'git comfy reproduce uses it under the name that it has';
