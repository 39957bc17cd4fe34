import { join, relative } from 'node:path';
import { type LockAnswer, lockRepository } from '../capture/lock.js';
import { lookAround } from '../capture/look-around.js';
import { UsageError } from '../errors.js';
import { openWorkTree } from '../git/repository.js';
import type { LockChange } from '../lock/lock-changes.js';
import { lockPath } from '../lock/lockfile.js';
import { modelWords } from '../lock/model-words.js';
import { shellWord } from '../shell-word.js';
import { driftLines } from '../terminal/drift-text.js';
import { type Paint, painter } from '../terminal/paint.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import { bringIntoReach } from './bring-into-reach.js';
import { cacheOptions, cachePolicy } from './cache-options.js';
import type { Command } from './command.js';
import { noneTracked } from './none-tracked.js';
import { textOption } from './text-option.js';

export const lockCommand: Command = {
  name: 'lock',
  group: 'more',
  summary: 'write comfy.lock: what the tracked workflows need, with hashes',
  about:
    'Adds what is new, completes what is not hashed yet, drops what no workflow uses. An entry whose file, commit or interface is no longer what the lock says ' +
    'stays as it is and is reported; --update moves it to what is here: the entries that are named, or all. What this machine does not have keeps its entry.',
  arguments: [{ name: '[names...]', about: 'with --update: entries that may move (default: all)' }],
  options: [
    { flags: '--update', about: 'move entries to what is here' },
    { flags: '--server <url>', about: 'the ComfyUI server to ask for node interfaces' },
    ...cacheOptions,
  ],
  examples: ['git comfy lock', 'git comfy lock --update dreamshaper_8.safetensors'],
  run: async ({ cwd, env, signal, talk, output, now }, input) => {
    const { args, options } = input;
    const policy = cachePolicy(input, now());
    if (policy.bySample === true && options['update'] === true) throw fastUpdate();
    const repository = await openWorkTree(cwd);
    const flag = textOption(input, 'server');
    const found = await lookAround(repository, { cwd: repository.top, env, flag, signal });
    const around = { ...found, cache: found.cache.trusting(policy) };
    if (args.length > 0 && options['update'] !== true) throw namesNeedUpdate(args);
    const update = options['update'] !== true ? undefined : args.length === 0 ? ('all' as const) : args;
    const answer = await lockRepository(repository, {
      around,
      signal,
      talk,
      ...(update === undefined ? {} : { update }),
    });
    return {
      result: resultOf(answer),
      text: textOf(
        answer,
        painter(output.color),
        around.installation === undefined,
        relative(cwd, join(repository.top, lockPath)),
      ),
    };
  },
};

const fastUpdate = () =>
  new UsageError('--update writes down digests, which only reading gives, and --fast does not read', {
    hint: 'git comfy lock --update, without --fast',
  });

const namesNeedUpdate = (names: readonly string[]) =>
  new UsageError('names belong to --update: without it every tracked workflow is locked', {
    hint: `git comfy lock --update ${names.map(shellWord).join(' ')}`,
  });

const resultOf = ({ written, changes, drift, lock }: LockAnswer) => ({
  path: lockPath,
  written,
  workflows: lock.workflows.size,
  models: lock.models.size,
  changes,
  drift,
});

function textOf({ written, changes, drift, lock }: LockAnswer, paint: Paint, blind: boolean, path: string): string {
  if (lock.workflows.size === 0) return noneTracked;
  const state = written ? 'written' : 'up to date';
  const counts = `${plural(lock.workflows.size, 'workflow')}, ${plural(lock.models.size, 'model')}`;
  return [
    `${lockPath} ${state}: ${counts}`,
    ...changes.map((change) => `  ${change.change.padEnd(7)}  ${safeLine(nameOf(change))}`),
    ...driftLines(drift, paint, blind ? bringIntoReach : undefined),
    ...(written ? [paint('dim', `next: git add ${shellWord(path)} && git comfy commit`)] : []),
  ].join('\n');
}

function nameOf({ section, key }: LockChange): string {
  if (section === 'models') return modelWords(key);
  if (section === 'comfyui') return 'ComfyUI';
  return `${{ packs: 'pack', inputs: 'input', classes: 'node' }[section]} ${key}`;
}
