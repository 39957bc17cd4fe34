import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { openRepository, openWorkTree } from '../git/repository.js';
import { exportSnapshot } from '../sharing/export-snapshot.js';
import type { Export } from '../sharing/exported.js';
import { safeLine } from '../terminal/safe.js';
import { bytes, plural } from '../terminal/units.js';
import type { Command } from './command.js';
import { textOption } from './text-option.js';

/** What can be written, by the word for `--format`. */
const formats: Readonly<Record<string, Export>> = {
  intoto: async (...asked) => (await import('../sharing/export-statement.js')).exportStatement(...asked),
  manager: exportSnapshot,
  // Loaded late: few need what packs archives.
  zip: async (...asked) => (await import('../sharing/export-archive.js')).exportArchive(...asked),
};

export const exportCommand: Command = {
  name: 'export',
  group: 'more',
  summary: 'write what a commit or an output needs in a format of others',
  about:
    'intoto: the record of an output as in-toto Statement v1 with SLSA provenance v1, not signed. ' +
    'zip: an archive of one run that `git comfy import` reads elsewhere: workflow, prompt, lock, record and inputs; no models. ' +
    'manager: a snapshot for ComfyUI-Manager, with ComfyUI and the packs of a commit, of an output, or of comfy.lock. ' +
    'What a format has no place for, and what nobody captured, is said.',
  arguments: [
    {
      name: '[target]',
      about:
        'an output file or the first digits of its hash; for manager a commit or a lockfile too (default: comfy.lock of the work tree)',
    },
  ],
  options: [
    { flags: '--format <name>', about: '`intoto`, `zip` or `manager`' },
    { flags: '-o, --output <file>', about: 'write it to a file; a zip is always written to one' },
  ],
  examples: [
    'git comfy export picture.png --format intoto > picture.intoto.json',
    'git comfy export picture.png --format zip -o picture.zip',
    'git comfy export HEAD --format manager > snapshot.json',
  ],
  run: async (context, { args, options }) => {
    const { cwd, talk } = context;
    const [format, write] = formatOf(options['format']);
    const output = textOption({ options }, 'output');
    if (format === 'zip' && output === undefined) {
      throw new UsageError('say where the archive goes', {
        hint: 'git comfy export picture.png --format zip -o picture.zip',
      });
    }
    const repository = await (args[0] === undefined ? openWorkTree(cwd) : openRepository(cwd));
    const { data, leftOut } = await write(repository, args[0], context);
    for (const { what, why } of leftOut) talk.say(`left out: ${safeLine(what)}: ${why}`);
    if (output !== undefined) await writeFileAtomic(resolve(cwd, output), data);
    if (typeof data === 'string') {
      return { result: { format, text: data, leftOut }, text: output === undefined ? data.trimEnd() : '' };
    }
    const more = leftOut.length === 0 ? '' : `; left out: ${plural(leftOut.length, 'file')}`;
    return {
      result: { format, bytes: data.length, leftOut },
      text: `${safeLine(output ?? '')}: ${bytes(data.length)}${more}`,
    };
  },
};

/** @throws UsageError that says which formats there are */
function formatOf(asked: unknown): [string, Export] {
  const found = typeof asked === 'string' && Object.hasOwn(formats, asked) ? formats[asked] : undefined;
  if (found !== undefined) return [String(asked), found];
  const message = asked === undefined ? 'say which format' : `there is no format "${String(asked)}"`;
  throw new UsageError(message, { hint: `formats are: ${Object.keys(formats).join(', ')} (--format intoto)` });
}
