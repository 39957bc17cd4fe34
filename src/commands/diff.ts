import type { Context } from '../context.js';
import { exitCode, UsageError } from '../errors.js';
import type { FileDiff } from '../workflow/file-diff.js';
import type { Answer, Command, Input } from './command.js';
import { deliver } from './diff-formats.js';
import { compareSides } from './diff-sides.js';
import { plainChange } from './plain-change.js';

export const diffCommand: Command = {
  name: 'diff',
  group: 'everyday',
  summary: 'what changed in the workflows, in words',
  about:
    'Without arguments: from the last commit to the files as they are, staged or not. With one commit: from that commit to the files; with two, or a..b: from one to the ' +
    'other. Layout never counts. Two files (workflows, prompts in API format, or pictures that have them embedded) are compared as they are, in no repository too; a ' +
    'picture alone with the tracked workflow that it came from. Ends with 0, and with --exit-code with 1 where something differs. At a terminal long answers are shown in ' +
    "git's pager. Plain git diff shows the same facts, one line each.",
  arguments: [{ name: '[what...]', about: 'up to two commits, then paths; or two files; or a picture' }],
  options: [
    { flags: '--staged', about: 'compare the last commit with what is staged' },
    { flags: '--unstaged', about: 'compare what is staged with the files' },
    { flags: '--layout', about: 'count in one line what only moved' },
    { flags: '--md', about: 'Markdown, for a pull request' },
    { flags: '--html', about: 'a page of its own, with the graphs drawn' },
    { flags: '-o, --output <file>', about: 'write the answer there' },
    { flags: '--no-pager', about: 'print, at a terminal too' },
    { flags: '--exit-code', about: 'end with 1 where something differs' },
  ],
  examples: [
    'git comfy diff',
    'git comfy diff HEAD~3 workflows/portrait.json',
    'git comfy diff main..my-branch --html -o diff.html',
    'git comfy diff old.png new.png',
    'git comfy diff portrait.png',
  ],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  refuseTogether(input, 'md', 'html');
  refuseTogether(input, 'staged', 'unstaged');
  const compared = await compareSides(context, input);
  const files = compared.told.map(({ diff }) => diff);
  return {
    result: { files: files.map((file) => ({ ...file, changes: file.changes.map(plainChange) })) },
    text: await deliver(context, compared, input),
    exit: input.options['exitCode'] === true && files.some(differs) ? exitCode.no : exitCode.ok,
  };
}

const differs = ({ status, renamedFrom }: FileDiff) => status !== 'same' || renamedFrom !== undefined;

function refuseTogether({ options }: Input, one: string, other: string): void {
  if (options[one] !== true || options[other] !== true) return;
  throw new UsageError(`--${one} and --${other} cannot be given together`, {
    hint: 'git comfy diff -h shows the usage',
  });
}
