import { measuredWords } from '../lineage/measured-words.js';
import type { FileComparison } from '../reproduce/compare-files.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';

/** What `compare` prints: the pixels, then how both were made. */
export function comparisonText(found: FileComparison, same: boolean): string {
  const { sameFile, metrics, notMeasured, frames } = found;
  const looks = notMeasured ?? (metrics === undefined ? '' : measuredWords(metrics));
  const first = sameFile ? 'the same file' : (frames ?? `pixels: ${looks}`);
  return [first, ...makingLines(found, same)].map(safeLine).join('\n');
}

function makingLines({ making, notTold, observed, metrics }: FileComparison, same: boolean): string[] {
  if (making === undefined) return [`made: ${notTold}`];
  if (making.length > 0)
    return [`made: ${plural(making.length, 'difference')}`, ...making.map(({ text }) => `  ${text}`)];
  if (!observed) {
    return [
      'made: nothing differs in the prompts; files, packs and machine were not captured for both, and may differ',
    ];
  }
  const measured = metrics !== undefined && !same;
  return [
    measured
      ? 'made: nothing that was captured differs, and the pixels do: what decides was not captured, or the server is not stable'
      : 'made: nothing that was captured differs: expect the same pixels',
  ];
}
