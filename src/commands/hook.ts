import { exitCode } from '../errors.js';
import { runHook } from '../setup/run-hook.js';
import type { Problem } from '../sharing/problem.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';
import { groupProblems } from './problem-lines.js';

export const hookCommand: Command = {
  name: 'hook',
  group: 'plumbing',
  summary: 'do the work of a git hook',
  about:
    'Called by the hooks that init installs. pre-commit and pre-merge-commit end with 1 to refuse a commit; the others never fail.',
  arguments: [
    { name: '<name>', about: 'pre-commit, pre-merge-commit, post-commit, post-checkout, post-merge or pre-push' },
    { name: '[arguments...]', about: 'what git gives to the hook' },
  ],
  options: [],
  examples: ['git comfy hook pre-commit'],
  run: async (context, { args }) => {
    const [name = '', ...rest] = args;
    const { refusals, warnings, say } = await runHook(context, name, rest);
    // git shows what a hook says on either stream; a client's window shows stderr.
    for (const line of [...say.map(safeLine), ...warningLines(warnings)]) context.talk.say(`git comfy: ${line}`);
    for (const { lines, mend } of groupProblems(refusals)) {
      for (const line of lines) context.talk.say(`git comfy: ${line}`);
      context.talk.say(`  mend it: ${mend}`);
    }
    return { result: { refusals }, text: '', exit: refusals.length === 0 ? exitCode.ok : exitCode.no };
  },
};

/** Said at every commit until somebody has the time, so in one short line. */
function warningLines(warnings: readonly Problem[]): string[] {
  const unhashed = warnings.filter(({ code }) => code === 'unhashed').length;
  const verb = unhashed === 1 ? 'is' : 'are';
  return [
    ...(unhashed === 0 ? [] : [`${plural(unhashed, 'file')} of comfy.lock ${verb} not hashed yet: git comfy lock`]),
    ...groupProblems(warnings.filter(({ code }) => code !== 'unhashed')).flatMap(({ lines, mend }) =>
      lines.map((line) => `${line} (${mend})`),
    ),
  ];
}
