import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { log } from '../sharing/log.js';
import { logText } from '../terminal/log-text.js';
import { painter } from '../terminal/paint.js';
import type { Answer, Command, Input } from './command.js';
import { saySkipped } from './skipped-lines.js';

export const logCommand: Command = {
  name: 'log',
  group: 'more',
  summary: 'commits with the outputs that each made',
  arguments: [{ name: '[rev]', about: 'where to begin; HEAD where it is not given' }],
  options: [{ flags: '-n, --max-count <number>', about: 'at most so many commits' }],
  examples: ['git comfy log', 'git comfy log -n 20 main'],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  const repository = await openRepository(context.cwd);
  const found = await log(repository, input.args[0] ?? 'HEAD', mostCommits(input));
  saySkipped(context.talk, found.skipped);
  return { result: found, text: logText(found, painter(context.output.color)) };
}

function mostCommits({ options }: Input): number | undefined {
  const given = options['maxCount'];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^\d+$/.test(given)) return Number(given);
  throw new UsageError('--max-count needs a number');
}
