import { resolve } from 'node:path';
import { exitCode, UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { readBounded } from '../files/read.js';
import { mergeFile } from '../sharing/merge-file.js';
import { shellWord } from '../shell-word.js';
import type { Command } from './command.js';

export const mergeFileCommand: Command = {
  name: 'merge-file',
  group: 'plumbing',
  summary: 'the merge driver: three versions of a workflow into one',
  about:
    'git runs this (merge.comfy.driver) where both sides changed a workflow. Edits of different nodes and values unite. Where both changed the same ' +
    'place the file stays as ours, so that ComfyUI still loads it, and the exit code is 1: git then lists the file as unmerged.',
  arguments: [
    { name: '<base>', about: '%O' },
    { name: '<ours>', about: '%A; gets the result' },
    { name: '<theirs>', about: '%B' },
    { name: '[more...]', about: '%L and %P; the last one is the path, for messages' },
  ],
  options: [],
  examples: ["git config merge.comfy.driver 'git-comfy merge-file %O %A %B %L %P'"],
  async run({ cwd, talk }, { args }) {
    const [base = '', ours = '', theirs] = args.map((file) => resolve(cwd, file));
    if (theirs === undefined) throw new UsageError('three files are needed: base, ours, theirs');
    const [b, o, t] = await Promise.all([base, ours, theirs].map((file) => readBounded(file, maxBytes)));
    if (b === undefined || o === undefined || t === undefined) throw new UsageError('three files are needed');
    const { text, conflicts } = await mergeFile(cwd, { base: b, ours: o, theirs: t, files: { base, ours, theirs } });
    if (text !== undefined) await writeFileAtomic(ours, text);
    const path = args.length > 3 ? (args.at(-1) ?? ours) : ours;
    if (conflicts.length === 0) return { result: { conflicts }, text: '' };
    talk.say(`git comfy: ${path} is left as ours; both sides changed:`);
    for (const conflict of conflicts.slice(0, mostLines)) talk.say(`  ${conflict}`);
    if (conflicts.length > mostLines) talk.say(`  and ${conflicts.length - mostLines} more`);
    talk.say(`  see both: git comfy diff HEAD...MERGE_HEAD ${shellWord(path)}`);
    return { result: { conflicts }, text: '', exit: exitCode.no };
  },
};

const maxBytes = 512 * 1024 * 1024;
const mostLines = 20;
