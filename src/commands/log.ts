import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { log } from '../sharing/log.js';
import { logOutputsText, logText } from '../terminal/log-text.js';
import { painter } from '../terminal/paint.js';
import type { Answer, Command, Input } from './command.js';
import { saySkipped } from './skipped-lines.js';

export const logCommand: Command = {
  name: 'log',
  group: 'more',
  summary: 'commits with the outputs that each made',
  arguments: [{ name: '[rev]', about: 'where to begin; HEAD where it is not given' }],
  options: [
    { flags: '-n, --max-count <number>', about: 'at most so many commits' },
    { flags: '--outputs', about: 'every output with its day and hash; commits that made none are left out' },
  ],
  examples: ['git comfy log', 'git comfy log -n 20 main', 'git comfy log --outputs'],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  const repository = await openRepository(context.cwd);
  const found = await log(repository, input.args[0] ?? 'HEAD', mostCommits(input));
  saySkipped(context.talk, found.skipped);
  const paint = painter(context.output.color);
  if (input.options['outputs'] !== true) return { result: found, text: logText(found, paint) };
  const commits = found.commits.filter(({ runs }) => runs.length > 0);
  return { result: { ...found, commits }, text: logOutputsText({ ...found, commits }, paint) };
}

function mostCommits({ options }: Input): number | undefined {
  const given = options['maxCount'];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^\d+$/.test(given)) return Number(given);
  throw new UsageError('--max-count needs a number');
}
