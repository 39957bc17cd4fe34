import { seenDifference } from '../image/seen-difference.js';
import type { Compared } from '../reproduce/reproduce-options.js';
import { type ComparedPictures, comparisonPage } from '../terminal/page/comparison-page.js';
import { plural } from '../terminal/units.js';
import { metricFacts, shownFile } from './comparison-facts.js';

/** Reproductions as a page for people: each output beside the one that was made again, with grades and every reason. */
export function reproductionPage(runs: readonly (readonly ComparedPictures[])[]): string {
  return comparisonPage({
    title: `${plural(runs.flat().length, 'output')} made again`,
    words: ['original', 'reproduction'],
    pairs: runs.flat(),
    madeBy: 'git comfy reproduce',
  });
}

/** What the page shows of one run; kept instead of the run, whose files may be large. */
export function picturesOf({ pairs, reproduction }: Compared): ComparedPictures[] {
  const { grade = 'partial', expected, reasons, run, workflow, commit, adapted } = reproduction;
  const facts: [string, string][] = [
    ...(run === undefined ? [] : [['server', run.server] as [string, string]]),
    ...(workflow === undefined ? [] : [['workflow', workflow] as [string, string]]),
    ...(commit === undefined ? [] : [['commit', commit.slice(0, 12)] as [string, string]]),
    ['record', reproduction.original.slice(0, 12)],
  ];
  return pairs.map(({ compared, before, after }) => {
    const seen = before === undefined || after === undefined ? { notes: [] } : seenDifference(before, after);
    return {
      name: compared.name,
      before: shownFile(before, 'no file with the recorded content is here'),
      after: shownFile(after, 'the run made no such output'),
      ...(seen.heat === undefined ? {} : { heat: seen.heat }),
      grade: { expected: expected.grade, observed: grade },
      facts: [...metricFacts(compared.metrics), ...facts],
      lists: [
        { heading: 'Why it is not better', lines: reasons },
        { heading: 'What differs from then', lines: expected.differences.map(({ text }) => text) },
        { heading: 'Done so that it runs here', lines: adapted },
        { heading: 'Colours', lines: seen.notes },
      ],
    };
  });
}
