import type { Finding } from '../lock/lint/finding.js';
import type { Level } from '../lock/lint/rules.js';

/** Something that must not be committed, or not be merged, as it is; or that is worth knowing. */
export interface Problem extends Finding {
  readonly level: Exclude<Level, 'off'>;
}
