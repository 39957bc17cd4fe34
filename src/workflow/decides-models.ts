import { isNumber, type Json } from './json.js';
import { isSwitchWord, rowCounts } from './lora-stacks.js';
import { namesLoras } from './lora-texts.js';
import { coreModelFolder, hasModelExtension } from './model-inputs.js';

/**
 * Whether `modelReferences` of a prompt may be others with another value of an input. What runs in a row differ in, seeds, steps and the words of a prompt, mostly
 * decides nothing, so that their models need not be looked for again.
 */
export function decidesModels(classType: string, input: string, value: Json): boolean {
  if (typeof value === 'string') {
    const isName = hasModelExtension(value) || coreModelFolder(classType, input) !== undefined;
    return isName || isSwitchWord(value) || namesLoras(value);
  }
  return isNumber(value) ? rowCounts.includes(input) : true;
}
