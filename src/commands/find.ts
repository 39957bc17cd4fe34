import type { Context } from '../context.js';
import { exitCode, UsageError } from '../errors.js';
import { openRepository, type Repository } from '../git/repository.js';
import { filterKeys, readQuery } from '../lineage/find-query.js';
import { type Found, type FoundRow, find } from '../sharing/find.js';
import { sortedByRecord, sortFound } from '../sharing/sort-found.js';
import { findCsv, findText } from '../terminal/find-text.js';
import { painter } from '../terminal/paint.js';
import { plural } from '../terminal/units.js';
import type { Answer, Command, Input } from './command.js';
import { saySkipped } from './skipped-lines.js';
import { textOption } from './text-option.js';

const keys = Object.entries(filterKeys).map(([key, about]) => `${key} (${about})`);

export const findCommand: Command = {
  name: 'find',
  group: 'more',
  summary: 'outputs by model, prompt text, parameter, commit, label or date',
  about:
    `Words are searched in the prompt texts; a filter is written key:value. Text is found anywhere, with * and ? it has to fit the whole name; numbers may
be compared (steps:">20", cfg:6..8); commas mean either. All of them have to hold. Keys: ${keys.join('; ')}.

Ends with 1 where nothing fits.`.replaceAll(/(?<!\n)\n(?!\n)/g, ' '),
  arguments: [{ name: '<query...>', about: 'words and filters' }],
  options: [
    { flags: '--sort <by>', about: 'date (newest first, which is the default), name, or an input such as cfg' },
    { flags: '-n, --limit <number>', about: 'at most so many outputs' },
    { flags: '--csv', about: 'for a spreadsheet' },
    { flags: '--open', about: 'open the files with the programs of this machine; more than 20 only with --limit' },
  ],
  examples: [
    'git comfy find red fox steps:">20"',
    'git comfy find model:dreamshaper lora:"detail*" cfg:6..8 date:2026-10..',
    'git comfy find label:client-x --csv > client-x.csv',
    'git comfy find red fox --limit 3 --open',
  ],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  const query = readQuery(input.args);
  const most = limit(input);
  const repository = await openRepository(context.cwd);
  const by = textOption(input, 'sort') ?? 'date';
  const found = await find(repository, query, showsFacets(input, by));
  saySkipped(context.talk, found.skipped);
  if (found.unknown > 0) context.talk.say(unknownLine(found));
  const rows = sortFound(found.rows, by).slice(0, most);
  const opened = input.options['open'] === true ? await open(context, repository, rows, most !== undefined) : {};
  return {
    result: { rows, ...opened },
    text: textOf(context, input, rows),
    exit: rows.length > 0 ? exitCode.ok : exitCode.no,
  };
}

/** A table has no column of what only the prompt says. */
const showsFacets = ({ options }: Input, by: string) =>
  options['json'] === true || options['csv'] === true || !sortedByRecord.includes(by);

async function open(context: Context, repository: Repository, rows: readonly FoundRow[], limited: boolean) {
  const { openFound } = await import('../sharing/open-found.js');
  const { opened, absent } = await openFound(repository, rows, limited, context);
  for (const name of absent) context.talk.say(`not opened, it is not on this machine: ${name}`);
  return { opened, absent };
}

const unknownLine = ({ unknown }: Found) =>
  `of ${plural(unknown, 'run')} this clone has no prompt: git comfy sync fetches them`;

function textOf(context: Context, { options }: Input, rows: readonly FoundRow[]): string {
  if (options['csv'] === true) return findCsv(rows);
  return rows.length === 0 ? 'nothing fits' : findText(rows, painter(context.output.color));
}

function limit({ options }: Input): number | undefined {
  const given = options['limit'];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^0*[1-9]\d*$/.test(given)) return Number(given);
  throw new UsageError('--limit needs a number of outputs', { hint: 'git comfy find red fox --limit 20' });
}
