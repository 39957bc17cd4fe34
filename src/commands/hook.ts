import { exitCode } from '../errors.js';
import { runHook } from '../setup/run-hook.js';
import { safeLine } from '../terminal/safe.js';
import type { Command } from './command.js';

export const hookCommand: Command = {
  name: 'hook',
  group: 'plumbing',
  summary: 'do the work of a git hook',
  about:
    'Called by the hooks that init installs. pre-commit and pre-merge-commit end with 1 to refuse a commit; the others never fail.',
  arguments: [
    { name: '<name>', about: 'pre-commit, pre-merge-commit, post-commit, post-checkout or post-merge' },
    { name: '[arguments...]', about: 'what git gives to the hook' },
  ],
  options: [],
  examples: ['git comfy hook pre-commit'],
  run: async (context, { args }) => {
    const [name = '', ...rest] = args;
    const { refusals, say } = await runHook(context, name, rest);
    // git shows what a hook says on either stream; a client's window shows stderr.
    for (const line of say) context.talk.say(`git comfy: ${safeLine(line)}`);
    for (const { text, hint } of refusals)
      context.talk.say(`git comfy: ${safeLine(text)}\n  mend it: ${safeLine(hint)}`);
    return { result: { refusals }, text: '', exit: refusals.length === 0 ? exitCode.ok : exitCode.no };
  },
};
