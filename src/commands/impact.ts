import type { Context } from '../context.js';
import { exitCode } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { impact } from '../sharing/impact.js';
import { impactText } from '../terminal/impact-text.js';
import { painter } from '../terminal/paint.js';
import type { Answer, Command, Input } from './command.js';
import { saySkipped } from './skipped-lines.js';

export const impactCommand: Command = {
  name: 'impact',
  group: 'more',
  summary: 'outputs and workflows that need a model',
  about: 'Ask before you delete or replace a file. Ends with 1 where nothing needs it.',
  arguments: [
    {
      name: '<model>',
      about: 'file name, with or without its folder, with * and ?; or the first digits of its SHA-256',
    },
  ],
  options: [],
  examples: ['git comfy impact dreamshaper_8.safetensors', 'git comfy impact "loras/old/*"'],
  run,
};

async function run(context: Context, { args }: Input): Promise<Answer> {
  const found = await impact(await openRepository(context.cwd), args[0] ?? '');
  saySkipped(context.talk, found.skipped);
  const needed = found.workflows.length + found.rows.length > 0;
  const { skipped, ...result } = found;
  return { result, text: impactText(found, painter(context.output.color)), exit: needed ? exitCode.ok : exitCode.no };
}
