import { ServerError } from '../errors.js';
import type { Difference } from '../lock/drift.js';
import type { Original } from './original.js';

/** A server refuses a model or an input that it does not have; where that was seen before, it is known how to get it. */
export function withProvideHint(error: unknown, { outputs }: Original, differences: readonly Difference[]): unknown {
  if (!(error instanceof ServerError) || error.code !== 'prompt-refused') return error;
  const [output] = outputs;
  const lacksModel = differences.some(({ code }) => code === 'model-missing');
  const provide = `bring back what can be found or fetched: git comfy provide --models ${output?.sha256.slice(0, 12)}`;
  const input = differences.find(({ code }) => code === 'input-missing')?.hint;
  const hint = lacksModel && output !== undefined ? provide : input;
  return hint === undefined ? error : new ServerError(error.code, error.message, { hint, cause: error });
}
