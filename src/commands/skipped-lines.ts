import type { Talk } from '../context.js';
import type { SkippedLine } from '../lineage/lineage.js';
import { plural } from '../terminal/units.js';

/** Says that lineage holds more than could be read: an answer without it may be incomplete. */
export function saySkipped(talk: Talk, skipped: readonly SkippedLine[]): void {
  const [first] = skipped;
  if (first === undefined) return;
  const lines = `${plural(skipped.length, 'line')} of lineage could not be read`;
  talk.say(skipped.length === 1 ? `${lines}: ${first.why}` : `${lines}; git comfy fsck says why`);
}
