import { resolve } from 'node:path';
import { type ImportedSnapshot, importSnapshot } from '../capture/import-snapshot.js';
import type { Context } from '../context.js';
import { InputError } from '../errors.js';
import { readNamed } from '../files/named.js';
import { readBounded } from '../files/read.js';
import { maxArchiveBytes } from '../files/zip-directory.js';
import { openWorkTree } from '../git/repository.js';
import { lockPath } from '../lock/lockfile.js';
import { readManagerSnapshot } from '../lock/manager-snapshot.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Answer, Command, Input } from './command.js';
import { archiveText } from './import-text.js';
import { textOption } from './text-option.js';

/** A snapshot of a few hundred packs has about 100 kB; an archive has the inputs of a run. */
const maxBytes = { snapshot: 8 * 1024 * 1024, archive: maxArchiveBytes };

export const importCommand: Command = {
  name: 'import',
  group: 'more',
  summary: 'take in an exported run, or a ComfyUI-Manager snapshot',
  about:
    'An archive of `git comfy export --format zip`: its workflow becomes a file of the work tree, its inputs go to ComfyUI, its record into lineage, so that show, verify and ' +
    'reproduce know the outputs. Nothing that is there is overwritten. A snapshot of ComfyUI-Manager (JSON, or YAML of its command line): the commits and versions of the ' +
    'packs that the tracked workflows use go into comfy.lock, and the commit of ComfyUI. Entries that differ move: look at the change with git diff before you commit it.',
  arguments: [{ name: '<file>', about: 'the archive or the snapshot' }],
  options: [
    { flags: '--to <path>', about: 'of an archive: where its workflow goes, from the top of the repository' },
    { flags: '--dry-run', about: 'say what would change, and write nothing' },
  ],
  examples: ['git comfy import picture.zip', 'git comfy import 2026-11-21_12-00-00_snapshot.json'],
  run: async (context, input) => {
    const { cwd } = context;
    const [name = ''] = input.args;
    const bytes = await readBounded(resolve(cwd, name), maxBytes.archive);
    if (bytes.toString('latin1', 0, 2) === 'PK') return fromArchive(context, bytes, input);
    return fromSnapshot(context, name, bytes, input);
  },
};

async function fromArchive(context: Context, bytes: Buffer, input: Input): Promise<Answer> {
  const repository = await openWorkTree(context.cwd);
  const dryRun = input.options['dryRun'] === true;
  const to = textOption(input, 'to');
  // Loaded late: few need what unpacks archives.
  const { importArchive } = await import('../capture/import-archive.js');
  const found = await importArchive(repository, bytes, context, { to, dryRun });
  return { result: found, text: archiveText(found) };
}

async function fromSnapshot({ cwd, talk }: Context, name: string, bytes: Buffer, { options }: Input): Promise<Answer> {
  const repository = await openWorkTree(cwd);
  refuseOther(name, bytes);
  const snapshot = readNamed(name, () => readManagerSnapshot(bytes.toString('utf8')));
  const found = await importSnapshot(repository, snapshot, { talk, dryRun: options['dryRun'] === true });
  return { result: found, text: textOf(found) };
}

/** What is plainly something else, such as a picture. */
function refuseOther(name: string, bytes: Buffer): void {
  const binary = bytes.subarray(0, 4096).includes(0) || bytes.length > maxBytes.snapshot;
  if (!binary) return;
  throw new InputError('unknown-format', `${name} is in no format that can be imported`, {
    hint: 'what can be: an archive of git comfy export, or a snapshot of ComfyUI-Manager, JSON or YAML',
  });
}

function textOf({ changes, leftOut, packages, written }: ImportedSnapshot): string {
  const state = written ? 'written' : changes.length === 0 ? 'up to date' : 'would change';
  const head = `${lockPath} ${state}: ${plural(changes.length, 'entry', 'entries')} from the snapshot`;
  return [
    head,
    ...changes.map(
      ({ section, key, change }) =>
        `  ${change.padEnd(7)}  ${section === 'comfyui' ? 'ComfyUI' : `pack ${safeLine(key)}`}`,
    ),
    ...leftOut.map(({ pack, why }) => `  left out  pack ${safeLine(pack)}: ${why}`),
    ...(packages === 0
      ? []
      : [`  left out  ${plural(packages, 'Python package')}: a recorded run has them, a lock does not`]),
    ...(written ? [`next: git diff ${lockPath}, then git add ${lockPath} && git comfy commit`] : []),
  ].join('\n');
}
