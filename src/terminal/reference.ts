import type { Command } from '../commands/command.js';
import { commonOptions, usageOf } from './help.js';
import { exitStatuses } from './man.js';

/** `docs/commands.md`: made from the command table, compared with the file by a test. */
export function commandReference(all: readonly Command[]): string {
  const people = all.filter(({ group }) => group !== 'plumbing');
  const plumbing = all.filter(({ group }) => group === 'plumbing');
  return `${[
    '# Commands',
    'Made from the program by `npm run docs`; a test compares the two.',
    rows(
      ['Command', 'Does'],
      people.map(({ name, group, summary }) => [link(name, group === 'everyday'), summary]),
    ),
    'Every command works from any sub-folder and in linked work trees, and has:',
    rows(
      ['Option', ''],
      commonOptions.map(({ flags, about }) => [code(flags), about]),
    ),
    rows(
      ['Exit code', ''],
      exitStatuses.map(([value, meaning]) => [value, meaning]),
    ),
    ...people.flatMap(section),
    '## Plumbing',
    'Called by git, not by people.',
    rows(
      ['Command', 'Does'],
      plumbing.map((command) => [code(usageOf(command)), command.summary]),
    ),
  ].join('\n\n')}\n`;
}

function section(command: Command): string[] {
  const parts = [`## ${command.name}`, code(usageOf(command)), command.about ?? `${command.summary}.`];
  const entries = [
    ...command.arguments.map(({ name, about }) => [code(name), about]),
    ...command.options.map(({ flags, about }) => [code(flags), about]),
  ];
  if (entries.length > 0) parts.push(rows(['Argument or option', ''], entries));
  if (command.examples !== undefined) parts.push(`\`\`\`sh\n${command.examples.join('\n')}\n\`\`\``);
  return parts;
}

const code = (text: string) => `\`${text}\``;
const link = (name: string, bold: boolean) => (bold ? `**[${name}](#${name})**` : `[${name}](#${name})`);

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
