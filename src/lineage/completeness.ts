import { readPrompt } from '../workflow/prompt.js';
import type { Sources, Variable } from './account.js';
import { environmentVariables } from './environment-variables.js';
import { fileVariables } from './file-variables.js';
import { promptVariables } from './prompt-variables.js';
import { runVariables } from './run-variables.js';

/**
 * Every variable of product.md's table, in its order, each with its values or the reason why they are not captured. Nothing is guessed: a value that
 * the sources do not hold is named as missing.
 */
export function accountOf(sources: Sources): Variable[] {
  const prompt = sources.snapshot === undefined ? undefined : readPrompt(sources.snapshot.prompt);
  return [
    ...promptVariables(sources, prompt),
    ...fileVariables(sources, prompt),
    ...environmentVariables(sources),
    ...runVariables(sources),
  ];
}
