import { lookAround } from '../capture/look-around.js';
import type { Context } from '../context.js';
import { exitCode } from '../errors.js';
import { openRepository, openWorkTree } from '../git/repository.js';
import { type Provided, type Providing, provide } from '../reproduce/provide/provide.js';
import { type Paint, painter } from '../terminal/paint.js';
import { outcomeLines, planCounts, planLines } from '../terminal/provide-text.js';
import { safeLine } from '../terminal/safe.js';
import type { Command, Input } from './command.js';

export const provideCommand: Command = {
  name: 'provide',
  group: 'more',
  summary: 'bring models and packs to what the lock or a record says',
  about:
    'A model that was renamed or moved is found by its content and linked under the locked name; one that is missing is fetched from the sources that the lock knows, and gets ' +
    "its name when its content is right. Packs, and ComfyUI, are checked out at their commits in the repository's git directory, beside your own and never over them, " +
    'after you have agreed to each repository and commit. No file that is there is ever replaced. Ends with 1 where something could not be provided.',
  arguments: [
    { name: '[target]', about: 'a commit, an output file or a lockfile (default: comfy.lock of the work tree)' },
  ],
  options: [
    { flags: '--models', about: 'models only' },
    { flags: '--packs', about: 'packs and ComfyUI only' },
    { flags: '--dry-run', about: 'say what would be done, and do nothing' },
    { flags: '--yes', about: 'agree to every repository and commit of the plan (for scripts)' },
    { flags: '--copy', about: 'copy a model where the system can make no link' },
    { flags: '--pickles', about: 'fetch .ckpt, .pt, .pth and .bin too: such files can hold code' },
  ],
  examples: ['git comfy provide --dry-run', 'git comfy provide picture.png', 'git comfy provide HEAD~3 --models'],
  run: async (context, input) => {
    const paint = painter(context.output.color);
    const found = await provided(context, input);
    const { plan, outcomes } = found;
    const fine =
      outcomes === undefined ? plan.steps.every(({ kind }) => kind === 'ready') : outcomes.every(({ done }) => done);
    return {
      result: outcomes === undefined ? plan : { ...plan, outcomes },
      text: textOf(found, paint),
      exit: fine ? exitCode.ok : exitCode.no,
    };
  },
};

async function provided(context: Context, { args, options }: Input): Promise<Provided> {
  const { cwd, env, signal, talk } = context;
  const repository = await (args[0] === undefined ? openWorkTree(cwd) : openRepository(cwd));
  const around = await lookAround(repository, { cwd: repository.top, env, signal });
  const announce: Providing['announce'] = ({ subject, steps }) => {
    // What cannot be done at all is told once, as the answer.
    if (steps.every(({ kind }) => kind === 'obstacle')) return;
    // What is said is made harmless as a whole, colours too.
    for (const line of [`${safeLine(subject)}: ${planCounts(steps)}`, ...planLines(steps, painter(false))])
      talk.say(line);
  };
  return provide(repository, args[0], {
    ...{ cwd, env, signal, talk, around, announce },
    dryRun: options['dryRun'] === true,
    yes: options['yes'] === true,
    copy: options['copy'] === true,
    wanted: {
      // Neither is both.
      models: options['models'] === true || options['packs'] !== true,
      packs: options['packs'] === true || options['models'] !== true,
      pickles: options['pickles'] === true,
    },
  });
}

function textOf({ plan, outcomes }: Provided, paint: Paint): string {
  if (plan.steps.length === 0) return `${safeLine(plan.subject)}: ${planCounts([])}`;
  if (outcomes === undefined || plan.steps.every(({ kind }) => kind === 'obstacle')) {
    return [`${safeLine(plan.subject)}: ${planCounts(plan.steps)}`, ...planLines(plan.steps, paint)].join('\n');
  }
  return outcomeLines(outcomes, paint).join('\n');
}
