import type { Command } from '../commands/command.js';
import type { Paint } from './paint.js';
import { wrap } from './wrap.js';

/** Options that every command has. */
export const commonOptions = [
  { flags: '--json', about: 'print one JSON envelope on stdout' },
  { flags: '-h, --help', about: 'show this help' },
] as const;

/** `git comfy show [options] <output|commit>` */
export function usageOf(command: Command): string {
  const options = command.passThrough === true ? ['[options of git]'] : ['[options]'];
  return ['git comfy', command.name, ...options, ...command.arguments.map(({ name }) => name)].join(' ');
}

/** What `git comfy -h` prints: the commands people need, in bold, and where the rest is. */
export function overview(all: readonly Command[], width: number, paint: Paint): string {
  const rows = (group: Command['group']) =>
    all.filter((command) => command.group === group).map(({ name, summary }) => [name, summary] as const);
  const longest = Math.max(...[...rows('everyday'), ...rows('more')].map(([name]) => name.length));
  return [
    'usage: git comfy <command> [options]',
    '',
    'Ask any ComfyUI picture how it was made, and make it again.',
    '',
    'Commands people need:',
    definitions(rows('everyday'), width, longest, (name) => paint('bold', name)),
    '',
    'More:',
    definitions(rows('more'), width, longest),
    '',
    "'git comfy <command> -h' explains one; 'git comfy demo' shows the whole loop.",
    '',
  ].join('\n');
}

/** What `git comfy <command> -h` prints. */
export function helpOf(command: Command, width: number): string {
  const about = wrap(capital(command.about ?? `${command.summary}.`), textWidth(width)).join('\n');
  const list = command.arguments.map(({ name, about }) => [name, about] as const);
  const options = [...command.options, ...commonOptions].map(({ flags, about }) => [flags, about] as const);
  const examples = (command.examples ?? []).map((line) => `   ${line}`);
  const sections = [
    `usage: ${usageOf(command)}`,
    about,
    ...(list.length > 0 ? [`Arguments:\n${definitions(list, width)}`] : []),
    `Options:\n${definitions(options, width)}`,
    ...(examples.length > 0 ? [`Examples:\n${examples.join('\n')}`] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Longer lines are hard to read, however wide the window is. */
const textWidth = (width: number) => Math.min(width, 80);

const indent = 3;
const gap = 2;

/** Terms, and beside each what it is about, broken so that its column stays. */
function definitions(
  rows: readonly (readonly [string, string])[],
  width: number,
  longest = Math.max(...rows.map(([term]) => term.length)),
  dress: (term: string) => string = (term) => term,
): string {
  const room = textWidth(width) - indent - longest - gap;
  return rows
    .flatMap(([term, about]) =>
      wrap(about, room).map((line, at) => {
        const shown = at === 0 ? dress(term) + ' '.repeat(longest - term.length) : ' '.repeat(longest);
        return `${' '.repeat(indent)}${shown}${' '.repeat(gap)}${line}`;
      }),
    )
    .join('\n');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
