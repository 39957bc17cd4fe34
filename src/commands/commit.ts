import { type CommitAnswer, commitWorkflows } from '../capture/commit.js';
import type { Talk } from '../context.js';
import { openWorkTree } from '../git/repository.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';

export const commitCommand: Command = {
  name: 'commit',
  group: 'everyday',
  summary: 'git commit, with normal form, lock and layouts taken care of',
  about:
    'All arguments of git commit pass through, and its exit code comes back. New references of what is committed go into comfy.lock and with it into the commit; lines ' +
    'that you have not staged stay unstaged. Hashing takes a few seconds at most: what is left is written as unhashed, and git comfy lock completes it. ' +
    'Without a message the editor opens with what changed, in words.',
  arguments: [{ name: '[args...]', about: 'arguments of git commit' }],
  options: [{ flags: '--auto', about: 'what changed, in words, is the message' }],
  examples: ['git comfy commit -am "softer light"', 'git comfy commit --auto'],
  passThrough: true,
  run: async ({ cwd, env, signal, talk, lend }, { args, options }) => {
    const repository = await openWorkTree(cwd);
    const stdout = options['json'] === true ? 'stderr' : 'inherit';
    const answer = await commitWorkflows(repository, { cwd, env, words: args, talk, signal, lend, stdout });
    if (answer.exit === 0) sayMore(answer, talk);
    return { result: answer, text: '', exit: answer.exit };
  },
};

/** Of what is not as the lock says; a whole library may be missing on a machine without models. */
const mostLines = 10;

/** git has said what it committed; this is what it does not know. */
function sayMore({ locked, drift, linked }: CommitAnswer, talk: Talk): void {
  if (locked.length > 0) {
    const shown = locked.slice(0, 5).map(({ change, key }) => `${key} ${change}`);
    const more = locked.length > shown.length ? ` and ${locked.length - shown.length} more` : '';
    talk.say(`comfy.lock: ${shown.join(', ')}${more}`);
  }
  for (const { text } of drift.slice(0, mostLines)) talk.say(text);
  if (drift.length > mostLines) talk.say(`and ${drift.length - mostLines} more: git comfy verify names them all`);
  const moved = drift.some(({ code }) => !code.endsWith('-missing'));
  if (moved) talk.say('the lock was not moved; if that is meant: git comfy lock --update');
  if (linked > 0)
    talk.say(`${plural(linked, 'run')} that waited for this commit ${linked === 1 ? 'is' : 'are'} linked to it`);
}
