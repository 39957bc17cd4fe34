import type { MergeHeads } from '../git/merge-heads.js';
import { type ConflictedFile, openItems } from '../sharing/conflicts.js';
import type { Paint } from '../terminal/paint.js';
import { safe, safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Side } from '../workflow/merge/sides.js';

/**
 * What `conflicts` prints: each file with what is open in it, and how to decide it.
 * @param staged paths of files in which nothing is open any more
 */
export function conflictsText(
  files: readonly ConflictedFile[],
  staged: readonly string[],
  heads: MergeHeads,
  paint: Paint,
): string {
  const done = staged.map((path) => `${safeLine(path)}: staged`);
  if (files.length === 0)
    return [...done, `nothing is open${heads.doing === undefined ? '' : `: git ${heads.doing} --continue`}`].join('\n');
  const { ours, theirs } = heads;
  const sides = theirs === undefined ? [] : [`ours:   ${safeLine(ours ?? '')}`, `theirs: ${safeLine(theirs)}`, ''];
  const hints = [
    '',
    'decide: --take <number>=ours|theirs, --ours or --theirs for all that is open; or edit the file, then git add',
  ];
  return [...done, ...sides, ...files.flatMap((file) => fileLines(file, paint)), ...hints].join('\n');
}

function fileLines(file: ConflictedFile, paint: Paint): string[] {
  const open = openItems(file).length;
  const heading = `${safeLine(file.path)}: ${plural(open, 'item')} open${open === file.items.length ? '' : ` of ${file.items.length}`}`;
  return [
    paint('bold', heading),
    ...file.items.flatMap(({ number, who, what, base, ours, theirs, decided }) => [
      `  ${number}  ${safe(who)}  ${safe(what)}${base === '' ? '' : `  (was ${safe(base)})`}`,
      mark('ours', ours, decided),
      mark('theirs', theirs, decided),
    ]),
  ];
}

const mark = (side: Side, value: string, decided: Side | undefined) =>
  `     ${side === decided ? '*' : ' '} ${side.padEnd(7)} ${safe(value)}`;
