import type { Kinship, Relative } from '../lineage/kinship.js';
import type { RunRecord } from '../lineage/record.js';
import type { Paint } from './paint.js';
import { recordedPlace } from './recorded-place.js';
import { safeLine } from './safe.js';

interface Tree extends Kinship {
  readonly file: string;
  readonly sha256: string;
  readonly record?: RunRecord;
  readonly elsewhere?: string;
}

/** An output, what it was made from and what was made from it, each step further in. */
export function treeText(tree: Tree, paint: Paint): string {
  const { file, sha256, record, elsewhere, parents, children } = tree;
  const place = record === undefined ? 'not recorded' : recordedPlace(record);
  return [
    `${paint('bold', safeLine(file))}  ${paint('dim', `${sha256.slice(0, 12)}  ${safeLine(place)}`)}`,
    ...(elsewhere === undefined ? [] : [`  its record is in ${safeLine(elsewhere)}`]),
    ...branch('made of', parents, paint),
    // The name is that of the one further out: it would read as if it were the one that came of it.
    ...branch('used for', children.map(withoutName), paint),
    ...(parents.length + children.length === 0
      ? ['  no recorded output was an input of it, and it was an input of none']
      : []),
  ].join('\n');
}

const withoutName = ({ as: _, further, ...one }: Relative): Relative => ({
  ...one,
  ...(further === undefined ? {} : { further: further.map(withoutName) }),
});

function branch(title: string, relatives: readonly Relative[], paint: Paint): string[] {
  if (relatives.length === 0) return [];
  return [`  ${title}`, ...relatives.flatMap((one) => lines(one, '    ', paint))];
}

function lines({ output, record, as, further }: Relative, indent: string, paint: Paint): string[] {
  const known = as === undefined || as.replace(/ \[output\]$/, '') === output.name ? '' : `, as ${as}`;
  const about = `${output.sha256.slice(0, 12)}  ${recordedPlace(record)}${known}`;
  const again = further === undefined ? '  (see above)' : '';
  return [
    `${indent}${safeLine(output.name)}  ${paint('dim', safeLine(about))}${again}`,
    ...(further ?? []).flatMap((one) => lines(one, `${indent}  `, paint)),
  ];
}
