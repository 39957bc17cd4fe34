import { resolve } from 'node:path';
import { type ImportedSnapshot, importSnapshot } from '../capture/import-snapshot.js';
import { InputError } from '../errors.js';
import { readNamed } from '../files/named.js';
import { readBounded } from '../files/read.js';
import { openWorkTree } from '../git/repository.js';
import { lockPath } from '../lock/lockfile.js';
import { readManagerSnapshot } from '../lock/manager-snapshot.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';

/** A snapshot of a few hundred packs has about 100 kB. */
const maxBytes = 8 * 1024 * 1024;

export const importCommand: Command = {
  name: 'import',
  group: 'more',
  summary: 'take a ComfyUI-Manager snapshot into comfy.lock',
  about:
    'Reads a snapshot of ComfyUI-Manager (JSON, or YAML of its command line) and puts the commits and versions of the packs that the tracked workflows use into ' +
    'comfy.lock, and the commit of ComfyUI. Entries that differ move: look at the change with git diff before you commit it.',
  arguments: [{ name: '<file>', about: 'the snapshot' }],
  options: [{ flags: '--dry-run', about: 'say what would change, and write nothing' }],
  examples: ['git comfy import 2026-11-21_12-00-00_snapshot.json'],
  run: async ({ cwd, talk }, { args, options }) => {
    const [name = ''] = args;
    const repository = await openWorkTree(cwd);
    const bytes = await readBounded(resolve(cwd, name), maxBytes);
    refuseOther(name, bytes);
    const snapshot = readNamed(name, () => readManagerSnapshot(bytes.toString('utf8')));
    const found = await importSnapshot(repository, snapshot, { talk, dryRun: options['dryRun'] === true });
    return { result: found, text: textOf(found) };
  },
};

/** Starts of files that are plainly something else: a zip archive, a picture. */
function refuseOther(name: string, bytes: Buffer): void {
  const binary = bytes.subarray(0, 4096).includes(0) || bytes.toString('latin1', 0, 2) === 'PK';
  if (!binary) return;
  throw new InputError('unknown-format', `${name} is in no format that can be imported`, {
    hint: 'what can be: a snapshot of ComfyUI-Manager, JSON or YAML',
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
