import type { Command } from '../commands/command.js';
import { usageOf } from './help.js';
import { wrap } from './wrap.js';

/**
 * The manual page `git-comfy.1` in man(7) macros: `git comfy --help` makes git open it.
 * @param date of the version, ISO 8601; man shows it at the foot of the page
 */
export function manPage(all: readonly Command[], version: string, date: string): string {
  const people = all.filter(({ group }) => group !== 'plumbing');
  const plumbing = all.filter(({ group }) => group === 'plumbing');
  return [
    `.TH GIT\\-COMFY 1 "${date}" "git\\-comfy ${roff(version)}" "Git Manual"`,
    '.SH NAME',
    'git\\-comfy \\- ask any ComfyUI picture how it was made, and make it again',
    '.SH SYNOPSIS',
    '.B git comfy',
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    prose(
      'Keeps ComfyUI workflows in git without layout noise, locks every model and custom-node pack they need, remembers which commit made ' +
        'which output, and makes that output again, measured.',
    ),
    '.SH COMMANDS',
    ...people.flatMap(section),
    '.SH PLUMBING',
    'Called by git, not by people.',
    ...plumbing.flatMap(({ name, summary }) => ['.TP', `.B ${roff(name)}`, prose(summary)]),
    '.SH EXIT STATUS',
    ...exitStatuses.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, prose(meaning)]),
    '.SH SEE ALSO',
    '.BR git (1),',
    '.BR gitattributes (5),',
    '.BR git\\-notes (1)',
    '',
  ].join('\n');
}

/** What every command's exit code means. */
export const exitStatuses = [
  ['0', 'fine'],
  ['1', 'looked, and the answer is no: drift, differs, not reproduced, not in normal form'],
  ['2', 'could not do it, or wrong usage; the message says what to type next'],
  ['70', 'a bug in git comfy'],
  ['130', 'interrupted'],
] as const;

function section(command: Command): string[] {
  const entries = [
    ...command.arguments.map(({ name, about }) => ({ term: name, about })),
    ...command.options.map(({ flags, about }) => ({ term: flags, about })),
  ];
  return [
    `.SS ${roff(usageOf(command))}`,
    prose(command.about ?? `${command.summary}.`),
    ...entries.flatMap(({ term, about }) => ['.TP', `.B ${roff(term)}`, prose(about)]),
    ...(command.examples === undefined
      ? []
      : ['.PP', 'Examples:', '.nf', ...command.examples.map((line) => `    ${roff(line)}`), '.fi']),
  ];
}

/** Sources of manual pages keep below 80 bytes a line; escapes make lines longer than they are here. */
const sourceWidth = 70;

/** Text that fills lines; empty lines part paragraphs. */
const prose = (text: string) =>
  wrap(text, sourceWidth)
    .map((line) => (line === '' ? '.PP' : roff(line)))
    .join('\n');

/** One line. Escapes what roff would read as its own: backslashes, hyphens, a leading dot or quote. */
const roff = (line: string) =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
