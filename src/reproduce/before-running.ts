import type { Original } from './original.js';
import type { Reproduction } from './reproduction.js';
import type { Verification } from './verify-original.js';

/** What is known of a reproduction once it has been verified. */
export function beforeRunning(
  { id, how, outputs, record }: Original,
  { grade, differences }: Verification,
): Reproduction {
  return {
    original: id,
    found: how,
    names: outputs.map(({ name }) => name),
    ...(record.workflow === undefined ? {} : { workflow: record.workflow.path }),
    ...(record.commit === undefined ? {} : { commit: record.commit }),
    expected: { grade, differences },
    adapted: [],
    reasons: [],
  };
}
