import { basename } from 'node:path';
import { refreshFirst } from '../capture/refresh-first.js';
import type { Context } from '../context.js';
import { exitCode } from '../errors.js';
import { openWorkTree } from '../git/repository.js';
import { diffRange, type FileDiff } from '../sharing/diff.js';
import { askedFiles, askedRange } from '../sharing/diff-arguments.js';
import { changesOf, openDocument } from '../sharing/document-diff.js';
import { lockedWidgetNames } from '../sharing/widget-names.js';
import { painter } from '../terminal/paint.js';
import { safeLine } from '../terminal/safe.js';
import type { Answer, Command, Input } from './command.js';
import { diffLines } from './diff-lines.js';
import { plainChange } from './plain-change.js';

export const diffCommand: Command = {
  name: 'diff',
  group: 'everyday',
  summary: 'what changed in the workflows, in words',
  about:
    'Without arguments: from the last commit to the files as they are, staged or not. With one commit: from that commit to the files; with two, or a..b: from one to the ' +
    'other. Layout never counts. Two files (workflows, prompts in API format, or pictures that have them embedded) are compared as they are, in no repository too. ' +
    'Ends with 0, and with --exit-code with 1 where something differs. Plain git diff shows the same facts, one line each.',
  arguments: [{ name: '[what...]', about: 'up to two commits, then paths; or two files' }],
  options: [
    { flags: '--staged', about: 'compare with what is staged instead of with the files' },
    { flags: '--exit-code', about: 'end with 1 where something differs' },
  ],
  examples: [
    'git comfy diff',
    'git comfy diff HEAD~3 workflows/portrait.json',
    'git comfy diff main..my-branch',
    'git comfy diff old.png new.png',
  ],
  async run(context, input) {
    const files = await askedFiles(context.cwd, input.args);
    const diffs = files === undefined ? await inRepository(context, input) : [await betweenFiles(context, files)];
    return answer(context, diffs, input.options['exitCode'] === true);
  },
};

async function inRepository({ cwd, talk }: Context, { args, options }: Input): Promise<FileDiff[]> {
  const repository = await openWorkTree(cwd);
  const { range, paths } = await askedRange(repository, cwd, args, options['staged'] === true);
  if (!('to' in range)) await refreshFirst(repository, talk);
  return diffRange(repository, range, { paths, cwd });
}

async function betweenFiles({ cwd }: Context, [before, after]: readonly [string, string]): Promise<FileDiff> {
  const names = await lockedWidgetNames(cwd);
  const changes = changesOf(await openDocument(before), await openDocument(after), () => names);
  return { path: basename(after), status: changes.length === 0 ? 'same' : 'changed', changes };
}

function answer({ output }: Context, diffs: readonly FileDiff[], exitCodeWanted: boolean): Answer {
  const files = diffs.filter(({ status, renamedFrom }) => status !== 'same' || renamedFrom !== undefined);
  const paint = painter(output.color);
  const text = files.flatMap((file) => {
    const [heading, ...lines] = diffLines(file);
    return [paint('bold', safeLine(heading)), ...lines.map(safeLine)];
  });
  return {
    result: { files: files.map((file) => ({ ...file, changes: file.changes.map(plainChange) })) },
    text: text.join('\n'),
    exit: exitCodeWanted && files.length > 0 ? exitCode.no : exitCode.ok,
  };
}
