import { relative, resolve } from 'node:path';
import { type FinishedRun, type RunWishes, runWorkflow } from '../capture/run.js';
import { readRunnable } from '../capture/runnable.js';
import { serverFor } from '../capture/server-choice.js';
import { UsageError } from '../errors.js';
import { openWorkTree } from '../git/repository.js';
import { recordedPlace } from '../terminal/recorded-place.js';
import { safeLine } from '../terminal/safe.js';
import { duration, plural } from '../terminal/units.js';
import { parseAssignment } from '../workflow/assignment.js';
import type { Answer, Command, Input } from './command.js';
import { listOption } from './list-option.js';
import { textOption } from './text-option.js';

export const runCommand: Command = {
  name: 'run',
  group: 'everyday',
  summary: 'run a workflow, fetch its outputs, record how they were made',
  about:
    'Takes a workflow as ComfyUI saves it, an API-format prompt, or a picture with either embedded. Seeds on "randomize" are drawn for every run, ' +
    'as ComfyUI does at every queueing; --seed or --set keeps one. So are the alternatives of {a|b} in texts; --text-seed repeats a draw. Ctrl-C takes back what was queued. The server is the one of --server, of ' +
    'GIT_COMFY_SERVER, of git config comfy.server, or this machine at port 8188 or 8000.',
  arguments: [{ name: '<workflow>', about: 'workflow, prompt or picture' }],
  options: [
    { flags: '--set <[node.]input=value>', about: 'set an input; node is an id, a title or a class', many: true },
    { flags: '--seed <number>', about: 'use this seed everywhere' },
    { flags: '--text-seed <seed>', about: 'draw the alternatives of {a|b} in texts by this seed' },
    { flags: '--count <n>', about: 'run it so many times, drawing seeds in between' },
    { flags: '--server <address>', about: 'ComfyUI, such as http://127.0.0.1:8188' },
    { flags: '--output <folder>', about: 'where outputs of a server on another machine go (default: ./output)' },
  ],
  examples: [
    'git comfy run workflows/portrait.json',
    'git comfy run workflows/portrait.json --set base.steps=30 --seed 7',
    'git comfy run old-picture.png --count 3',
  ],
  run: async (context, input) => {
    const quiet = input.options['json'] === true;
    const onFinished = async (run: FinishedRun) => {
      if (!quiet) await context.write(`${describe(run, context.cwd).join('\n')}\n`);
    };
    const wishes = { ...readWishes(context.cwd, input), now: context.now, onFinished };
    const repository = await openWorkTree(context.cwd);
    const runnable = await readRunnable(resolve(context.cwd, input.args[0] ?? ''));
    const { env, signal } = context;
    const server = await serverFor(repository, { flag: textOption(input, 'server'), env, signal });
    return answerOf(await runWorkflow(repository, server, runnable, wishes, context));
  },
};

function readWishes(cwd: string, input: Input): RunWishes {
  const seed = textOption(input, 'seed');
  const folder = textOption(input, 'output');
  const textSeed = textOption(input, 'textSeed');
  return {
    assignments: listOption(input, 'set').map(parseAssignment),
    count: readCount(textOption(input, 'count')),
    ...(seed === undefined ? {} : { seed }),
    ...(textSeed === undefined ? {} : { textSeed }),
    ...(folder === undefined ? {} : { folder: resolve(cwd, folder) }),
  };
}

function readCount(typed: string | undefined): number {
  const count = Number(typed ?? 1);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new UsageError(`--count takes a whole number from 1 up, not "${typed}"`);
}

/** People have been told of each run as it ended. */
function answerOf(runs: readonly FinishedRun[]): Answer {
  const result = runs.map(({ id, record, alreadyRecorded, run, outputs }) => ({
    record: id,
    alreadyRecorded: alreadyRecorded === true,
    commit: record.commit,
    workflow: record.workflow,
    match: record.match,
    seeds: record.seeds,
    duration: run.duration,
    cached: run.cached,
    outputs: outputs.map(({ name, node, path }) => ({ name, node, path })),
  }));
  return { result: { runs: result }, text: '' };
}

function describe({ record, alreadyRecorded, run, outputs }: FinishedRun, cwd: string): string[] {
  const seeds = Object.entries(record.seeds).map(([place, seed]) => `${place} ${seed}`);
  const files = outputs.map(({ path }) => safeLine(relative(cwd, path)));
  if (alreadyRecorded === true) {
    return [...files, '  nothing new: the server had this in its cache, and it is recorded already'];
  }
  const facts = [
    outputs.length === 0 ? 'no output file' : plural(outputs.length, 'output'),
    duration(run.duration),
    `recorded: ${recordedPlace(record)}`,
    ...seeds,
  ];
  return [...files, safeLine(`  ${facts.join(' · ')}`)];
}
