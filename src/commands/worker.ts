import { serverFor } from '../capture/server-choice.js';
import { serverName } from '../comfyui/server-address.js';
import { UsageError } from '../errors.js';
import { findRepository } from '../git/repository.js';
import { addressOf } from '../reproduce/queue/bullmq.js';
import { workerFor } from '../reproduce/queue/worker.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command, Input } from './command.js';
import { queueAddress } from './queue-address.js';
import { textOption } from './text-option.js';

const defaultLease = 30;

export const workerCommand: Command = {
  name: 'worker',
  group: 'more',
  summary: 'run jobs of a shared queue on this machine',
  about:
    'Takes variations that git comfy vary --queue has put into a Redis, runs them on the ComfyUI of this machine one by one, and sends back what came of them; who asked for them records them. ' +
    'It needs no repository. A worker that lacks a model leaves the job to another one; the job of one that dies goes to another one too. Needs the packages bullmq and ioredis beside git-comfy. Stop it with Ctrl-C: ' +
    'what is under way then is given back.',
  arguments: [],
  options: [
    { flags: '--queue <url>', about: 'the Redis, such as redis://nas:6379 (default: GIT_COMFY_QUEUE)' },
    { flags: '--server <url>', about: 'the ComfyUI server' },
    {
      flags: '--lease <seconds>',
      about: `after so long another worker takes over from one that died (default: ${defaultLease})`,
    },
  ],
  examples: ['git comfy worker --queue redis://nas:6379'],
  async run(context, input) {
    const { env, signal, talk } = context;
    const url = queueAddress(input, env);
    if (url === undefined) throw new UsageError('which queue?', { hint: 'name it: --queue redis://host:6379' });
    addressOf(url);
    const lease = leaseOf(input);
    const repository = await findRepository(context.cwd);
    const flag = textOption(input, 'server');
    const server = await serverFor(repository, { flag, env, signal });
    const onReady = () => talk.say(`working for the queue on ${serverName(server)}; Ctrl-C ends it`);
    let jobs = 0;
    const onJob = async ({ text }: { readonly text: string }) => {
      jobs++;
      if (input.options['json'] !== true) await context.write(`${safeLine(text)}\n`);
    };
    await workerFor({ url, server, lease, onReady, onJob }, context);
    return { result: { jobs }, text: plural(jobs, 'job') };
  },
};

function leaseOf({ options }: Input): number {
  const lease = Number(options['lease'] ?? defaultLease);
  if (Number.isFinite(lease) && lease >= 1 && lease <= 3600) return lease;
  throw new UsageError('--lease takes seconds, 1 to 3600');
}
