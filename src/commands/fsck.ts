import type { Context } from '../context.js';
import { exitCode } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { type FsckResult, fsck } from '../sharing/fsck.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Answer, Command, Input } from './command.js';

export const fsckCommand: Command = {
  name: 'fsck',
  group: 'more',
  summary: 'every record can be read, and what it points to is there',
  about:
    'Ends with 1 where something is wrong: a line or document that cannot be read or is missing, a record that names one that is not there, a commit that is in no branch, a lock that a ' +
    'killed git has left. --repair gives runs whose commit was rewritten away (a squash, a rebase) a line on the commit that has their workflow now, brings documents back out of the history of the store, ' +
    'and removes such locks; no line is taken out.',
  arguments: [],
  options: [{ flags: '--repair', about: 'put right what can be' }],
  examples: ['git comfy fsck', 'git comfy fsck --repair'],
  run,
};

async function run(context: Context, { options }: Input): Promise<Answer> {
  const result = await fsck(await openRepository(context.cwd), options['repair'] === true);
  return { result, text: textOf(result), exit: result.faults.length === 0 ? exitCode.ok : exitCode.no };
}

/** More than this of one kind are counted. */
const mostOfAKind = 10;

function textOf({ records, documents, faults, reattached, restored }: FsckResult): string {
  const kinds = [...new Set(faults.map(({ code }) => code))];
  const lines = kinds.flatMap((kind) => {
    const same = faults.filter(({ code }) => code === kind);
    const more = same.length - mostOfAKind;
    const hint = same[0]?.hint;
    return [
      ...same.slice(0, mostOfAKind).map(({ text }) => safeLine(text)),
      ...(more > 0 ? [`and ${more} more of the kind`] : []),
      ...(hint === undefined ? [] : [`  ${hint}`]),
    ];
  });
  const again = reattached.map(({ output = 'a run', to }) => safeLine(`${output}: at ${to.slice(0, 10)} now`));
  const back = restored === 0 ? [] : [`${plural(restored, 'document')} brought back`];
  return [...lines, ...again, ...back, `${plural(records, 'record')}, ${plural(documents, 'document')}`].join('\n');
}
