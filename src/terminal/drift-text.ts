import type { Difference } from '../lock/drift.js';
import { isNotice } from '../lock/drift-rules.js';
import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { plural } from './units.js';

/**
 * A line a difference, what mends it below; everything that could not be looked at is one line together.
 * @param mend what brings the rest into reach, where something does
 */
export function driftLines(differences: readonly Difference[], paint: Paint, mend?: string): string[] {
  const seen = differences.filter(({ unseen }) => unseen !== true);
  const unseen = differences.filter((difference) => difference.unseen === true);
  const pairs = [
    ...seen.map(({ text, hint }) => ({ text, hint })),
    ...(unseen.length === 0 ? [] : [{ text: `not checked here: ${counted(unseen)}`, hint: mend }]),
  ];
  return pairs.flatMap(({ text, hint }) => [
    `  ${safeLine(text)}`,
    ...(hint === undefined ? [] : [paint('dim', `      ${safeLine(hint)}`)]),
  ]);
}

/** `2 differences, 31 not checked`. */
export function driftCounts(differences: readonly Difference[]): string {
  const unseen = differences.filter((difference) => difference.unseen === true).length;
  const blank = differences.filter(({ code }) => code === 'nothing-captured').length;
  const notices = differences.filter((difference) => isNotice(difference.code) && difference.unseen !== true).length;
  const told = differences.length - unseen - blank - notices;
  const none = blank === 0 ? 'nothing differs' : 'nothing to compare with';
  const counts = told === 0 ? none : plural(told, 'difference');
  return unseen === 0 ? counts : `${counts}, ${unseen} not checked`;
}

/** What a person counts, by the first word of a difference's code. */
const kinds = { model: 'model', input: 'input', comfyui: 'ComfyUI', pack: 'pack' } as const;

const counted = (differences: readonly Difference[]) =>
  Object.entries(kinds)
    .map(([kind, word]) => ({
      kind,
      word,
      count: differences.filter(({ code }) => code.startsWith(`${kind}-`)).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ kind, word, count }) => (kind === 'comfyui' ? word : plural(count, word)))
    .join(', ');
