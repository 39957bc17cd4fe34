import { createHash } from 'node:crypto';
import type { Choose } from './dynamic-prompt.js';

/**
 * Choices of `{a|b}` that follow from a seed: the same seed, node and input give the same alternatives again, whatever else the workflow holds.
 * The n-th choice within a text is the first 6 bytes of SHA-256 over the JSON `[seed,node,input,n]`, modulo the number of alternatives.
 */
export function choicesOf(seed: string, node: string, input: string): Choose {
  let nth = 0;
  return (count) => {
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, node, input, nth++]))
      .digest();
    return digest.readUIntBE(0, 6) % count;
  };
}
