import type { JsonLimits } from '../workflow/json.js';

/** A workflow takes about ten times its text in memory; what is larger than this goes through. */
export const filterLimits: JsonLimits = { maxLength: 32 * 1024 * 1024, maxDepth: 256 };
