import { lockedWidgetNames } from '../capture/widget-names.js';
import { exitCode, UsageError } from '../errors.js';
import { mergeHeads } from '../git/merge-heads.js';
import { openWorkTree, type Repository } from '../git/repository.js';
import { type ConflictedFile, conflictedFiles } from '../sharing/conflicts.js';
import { remainingTo, resolveFile } from '../sharing/resolve-conflicts.js';
import { shellWord } from '../shell-word.js';
import { painter } from '../terminal/paint.js';
import type { Choices, Side } from '../workflow/merge/sides.js';
import type { Command, Input } from './command.js';
import { conflictsText } from './conflicts-text.js';
import { listOption } from './list-option.js';

export const conflictsCommand: Command = {
  name: 'conflicts',
  group: 'more',
  summary: 'list and decide what a merge of workflows left open',
  about:
    'After a merge, rebase, cherry-pick or stash pop that git calls unmerged: the file holds everything that could be united, and ours where both sides changed the same thing; ' +
    'ComfyUI loads it as it is. This lists what is open, by node, and decides it: --ours or --theirs for all that is left, --take for one item. A file of which nothing is left is ' +
    'staged (git add); edits that you made in it meanwhile stay. Ends with 1 while something is open. In a rebase "ours" is the branch that you rebase onto.',
  arguments: [
    {
      name: '[paths...]',
      about: 'files, as git takes them; all unmerged workflows, prompts and comfy.lock without any',
    },
  ],
  options: [
    { flags: '--ours', about: 'decide everything that is open for our side' },
    { flags: '--theirs', about: 'decide everything that is open for the other side' },
    { flags: '--take <number=side>', about: 'decide one item of the list for ours or theirs', many: true },
  ],
  examples: [
    'git comfy conflicts',
    'git comfy conflicts workflows/portrait.json --take 2=theirs',
    'git comfy conflicts --ours',
  ],
  async run({ cwd, output }, input) {
    const repository = await openWorkTree(cwd);
    const before = await list(repository, input, cwd);
    const wishes = readWishes(input, before);
    for (const [file, choices] of wishes) await resolveFile(repository, file, choices);
    const after = wishes.size === 0 ? before : await list(repository, input, cwd);
    const staged = before.filter(({ path }) => !after.some((file) => file.path === path)).map(({ path }) => path);
    const heads = await mergeHeads(repository);
    return {
      result: { ...heads, staged, files: after.map(plain) },
      text: conflictsText(after, staged, heads, painter(output.color)),
      exit: after.length > 0 ? exitCode.no : exitCode.ok,
    };
  },
};

const list = async (repository: Repository, { args }: Input, cwd: string) =>
  conflictedFiles(repository, args, cwd, await lockedWidgetNames(repository.top));

const plain = ({ path, kind, items }: ConflictedFile) => ({ path, kind, items });

/** What is to be decided of which file. */
function readWishes(input: Input, files: readonly ConflictedFile[]): Map<ConflictedFile, Choices> {
  const take = listOption(input, 'take').map(readTake);
  const sides = (['ours', 'theirs'] as const).filter((side) => input.options[side] === true);
  if (sides.length > 1)
    throw new UsageError('--ours and --theirs exclude each other', { hint: 'single items: --take 2=theirs' });
  const [file, second] = files;
  if (take.length > 0 && second !== undefined) {
    throw new UsageError(`${files.length} files are open, and each has its own numbers`, {
      hint: `say which: git comfy conflicts ${shellWord(file?.path ?? '')} --take ...`,
    });
  }
  if (take.length > 0 && file === undefined)
    throw new UsageError('nothing is open', { hint: 'git comfy conflicts lists what is' });
  const wishes = new Map<ConflictedFile, Choices>();
  for (const each of files) {
    const items = take.map(([number, side]): [string, Side] => [itemKey(each, number), side]);
    const rest = sides[0] === undefined ? [] : [...remainingTo(sides[0], each)];
    if (items.length + rest.length > 0) wishes.set(each, new Map([...rest, ...items]));
  }
  return wishes;
}

function readTake(text: string): readonly [number, Side] {
  const [, number = '', side] = /^(\d{1,9})=(ours|theirs)$/.exec(text) ?? [];
  if (side === 'ours' || side === 'theirs') return [Number(number), side];
  throw new UsageError(`"${text}" decides nothing`, {
    hint: 'write the number of the item and a side: --take 2=theirs',
  });
}

function itemKey({ items, path }: ConflictedFile, number: number): string {
  const item = items.find((each) => each.number === number);
  if (item !== undefined) return item.key;
  throw new UsageError(`${path} has no item ${number}`, { hint: `git comfy conflicts ${shellWord(path)} lists them` });
}
