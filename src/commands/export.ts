import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { openRepository, openWorkTree } from '../git/repository.js';
import { exportSnapshot } from '../sharing/export-snapshot.js';
import { safeLine } from '../terminal/safe.js';
import type { Command } from './command.js';

/** What can be written, by the word for `--format`. */
const formats = { manager: exportSnapshot } as const;

export const exportCommand: Command = {
  name: 'export',
  group: 'more',
  summary: 'write what a commit or an output needs in a format of others',
  about:
    'manager: a snapshot for ComfyUI-Manager, with ComfyUI and the packs of a commit, of an output, or of comfy.lock. What it has no place for (local edits, packs that ' +
    'come from nowhere, models) is said.',
  arguments: [
    { name: '[target]', about: 'a commit, an output file or a lockfile (default: comfy.lock of the work tree)' },
  ],
  options: [
    { flags: '--format <name>', about: 'manager' },
    { flags: '-o, --output <file>', about: 'write it to a file' },
  ],
  examples: ['git comfy export HEAD --format manager > snapshot.json'],
  run: async ({ cwd, talk }, { args, options }) => {
    const format = formatOf(options['format']);
    const repository = await (args[0] === undefined ? openWorkTree(cwd) : openRepository(cwd));
    const { text, leftOut } = await formats[format](repository, args[0], cwd);
    for (const { pack, why } of leftOut) talk.say(`left out: pack ${safeLine(pack)}: ${why}`);
    const { output } = options;
    if (typeof output === 'string') await writeFileAtomic(resolve(cwd, output), text);
    return { result: { format, text, leftOut }, text: typeof output === 'string' ? '' : text.trimEnd() };
  },
};

/** @throws UsageError that says which formats there are */
function formatOf(asked: unknown): keyof typeof formats {
  if (typeof asked === 'string' && Object.hasOwn(formats, asked)) return asked as keyof typeof formats;
  const message = asked === undefined ? 'say which format' : `there is no format "${String(asked)}"`;
  throw new UsageError(message, { hint: `formats are: ${Object.keys(formats).join(', ')} (--format manager)` });
}
