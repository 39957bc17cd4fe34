import type { Command } from '../commands/command.js';
import { table } from './table.js';

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

/** What `git comfy -h` prints: the commands people need, and where the rest is. */
export function overview(all: readonly Command[]): string {
  const rows = (group: Command['group']) =>
    all.filter((command) => command.group === group).map((command) => [`   ${command.name}`, command.summary]);
  return [
    'usage: git comfy <command> [options]',
    '',
    'Ask any ComfyUI picture how it was made, and make it again.',
    '',
    'Commands people need:',
    table(rows('everyday')),
    '',
    'More:',
    table(rows('more')),
    '',
    "'git comfy <command> -h' explains one command; 'git comfy demo' shows the whole loop.",
    '',
  ].join('\n');
}

/** What `git comfy <command> -h` prints. */
export function helpOf(command: Command): string {
  const sections = [`usage: ${usageOf(command)}`, capital(command.about ?? `${command.summary}.`)];
  const list = [...command.arguments.map(({ name, about }) => [`   ${name}`, about])];
  if (list.length > 0) sections.push(`Arguments:\n${table(list)}`);
  const options = [...command.options, ...commonOptions].map(({ flags, about }) => [`   ${flags}`, about]);
  sections.push(`Options:\n${table(options)}`);
  if (command.examples !== undefined)
    sections.push(`Examples:\n${command.examples.map((line) => `   ${line}`).join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
