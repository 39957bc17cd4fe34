import { resolve } from 'node:path';
import { lockedWidgetNames } from '../capture/widget-names.js';
import { exitCode, UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { readBounded } from '../files/read.js';
import { keepsLayout } from '../git/attributes.js';
import { findFavor } from '../git/favor.js';
import { mergeFile } from '../sharing/merge-file.js';
import { shellWord } from '../shell-word.js';
import type { Command } from './command.js';

export const mergeFileCommand: Command = {
  name: 'merge-file',
  group: 'plumbing',
  summary: 'the merge driver: three versions of a workflow, a prompt or comfy.lock into one',
  about:
    'git runs this (merge.comfy.driver, merge.comfy-lock.driver) where both sides changed a file. Edits of different nodes and values unite. Where both changed ' +
    'the same thing ours stands in its place, so that ComfyUI still loads the file, and the exit code is 1: git then lists the file as unmerged, and git comfy conflicts says what is open.',
  arguments: [
    { name: '<base>', about: '%O' },
    { name: '<ours>', about: '%A; gets the result' },
    { name: '<theirs>', about: '%B' },
    { name: '[more...]', about: '%L and %P; the last one is the path' },
  ],
  options: [{ flags: '--lock', about: 'the file is comfy.lock' }],
  examples: ["git config merge.comfy.driver 'git-comfy merge-file %O %A %B %L %P'"],
  async run({ cwd, env, talk, now }, { args, options }) {
    const [base = '', ours = '', theirs] = args.map((file) => resolve(cwd, file));
    if (theirs === undefined) throw new UsageError('three files are needed: base, ours, theirs');
    const [b, o, t] = await Promise.all([base, ours, theirs].map((file) => readBounded(file, maxBytes)));
    if (b === undefined || o === undefined || t === undefined) throw new UsageError('three files are needed');
    const path = args.length > 3 ? (args.at(-1) ?? ours) : ours;
    const favor = await findFavor(cwd, env);
    const { content, conflicts } = await mergeFile(cwd, {
      kind: options['lock'] === true ? 'lock' : 'content',
      path,
      versions: { base: b, ours: o, theirs: t },
      files: { base, ours, theirs },
      keepsLayout: await keepsLayout(cwd, path),
      ...(favor === undefined ? {} : { favor }),
      names: () => lockedWidgetNames(cwd),
      now,
    });
    if (content !== undefined) await writeFileAtomic(ours, content);
    if (conflicts.length === 0) return { result: { conflicts }, text: '' };
    talk.say(`git comfy: ${path}: both sides changed these; ours stands in their place:`);
    for (const conflict of conflicts.slice(0, mostLines)) talk.say(`  ${conflict}`);
    if (conflicts.length > mostLines) talk.say(`  and ${conflicts.length - mostLines} more`);
    talk.say(`  decide: git comfy conflicts ${shellWord(path)}`);
    return { result: { conflicts }, text: '', exit: exitCode.no };
  },
};

const maxBytes = 512 * 1024 * 1024;
const mostLines = 20;
