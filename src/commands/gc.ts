import { UsageError } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { type GcResult, gc } from '../sharing/gc.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command, Input } from './command.js';

const usualDays = 14;
const day = 24 * 3600 * 1000;

export const gcCommand: Command = {
  name: 'gc',
  group: 'more',
  summary: 'take out previews, what was taken back, and what nothing refers to',
  about:
    'Takes back the records of runs that left only temporary files (previews), unless they have a label or something refers to them; takes lines that were taken back out of the notes, ' +
    'documents that no record names out of the store, and removes what killed processes have left, and caches of what is over. Never a record of a kept output. Safe while others record. ' +
    'The history of both refs keeps what was taken out: fsck --repair brings a document back.',
  arguments: [],
  options: [
    { flags: '--dry-run', about: 'only say what would be taken out' },
    { flags: '--keep-days <n>', about: `what is younger stays (${usualDays})` },
  ],
  examples: ['git comfy gc --dry-run', 'git comfy gc', 'git comfy gc --keep-days 0'],
  run: async (context, { options }) => {
    const now = context.now();
    const since = new Date(now.getTime() - daysOf(options) * day);
    const repository = await openRepository(context.cwd);
    const result = await gc(repository, { dryRun: options['dryRun'] === true, since, now });
    return { result, text: textOf(result) };
  },
};

function daysOf(options: Input['options']): number {
  const given = options['keepDays'];
  if (given === undefined) return usualDays;
  if (typeof given === 'string' && /^\d{1,5}$/.test(given)) return Number(given);
  throw new UsageError('--keep-days takes a number of days', { hint: 'git comfy gc --keep-days 30' });
}

/** More than this are counted. */
const mostNamed = 10;

function textOf({ temporary, lines, documents, files, worktrees, dryRun }: GcResult): string {
  const more = temporary.length - mostNamed;
  const would = dryRun ? 'would take out' : 'took out';
  const counts = [
    plural(temporary.length, 'record of previews', 'records of previews'),
    plural(lines, 'line that was taken back', 'lines that were taken back'),
    plural(documents.length, 'document', 'documents'),
    plural(files.length + worktrees.length, 'file that was left', 'files that were left'),
  ];
  return [
    ...temporary.slice(0, mostNamed).map((name) => safeLine(`${name}: a preview`)),
    ...(more > 0 ? [`and ${more} more previews`] : []),
    ...[...files.map(({ path }) => path), ...worktrees].map(safeLine),
    `${would}: ${counts.join(', ')}`,
  ].join('\n');
}
