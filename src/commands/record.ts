import { resolve } from 'node:path';
import { lookAround } from '../capture/look-around.js';
import { outputPaths } from '../capture/output-paths.js';
import { type Recording, recordFiles } from '../capture/record.js';
import { recordJournal } from '../capture/record-journal.js';
import type { Context } from '../context.js';
import { exitCode, InputError, UsageError } from '../errors.js';
import { openRepository } from '../git/repository.js';
import type { Answer, Command } from './command.js';
import { readGiven } from './given-facts.js';
import { listOption } from './list-option.js';
import { journalText, recordingText } from './record-text.js';
import { textOption } from './text-option.js';

export const recordCommand: Command = {
  name: 'record',
  group: 'more',
  summary: 'back-fill: take in existing outputs, from what is embedded in them',
  about:
    'Finds the commit that each output came from by its embedded workflow. Hashes of models and commits of packs as they are today do not enter: they are "not captured". ' +
    'An output that has a record already is left alone. Ends with 1 where some could not be recorded. --journal takes in what was true when each run went on: hashes of models as they were loaded, commits of packs, the machine.',
  arguments: [
    {
      name: '[files or folders...]',
      about: 'outputs; what lies beside one (picture.json, picture.txt) counts where nothing is in it',
    },
  ],
  options: [
    {
      flags: '--prompt <file>',
      about: 'the prompt (API format, a request, or a history entry) of outputs that have none in them',
    },
    {
      flags: '--env <file>',
      about: 'with --prompt: where they were made, as /system_stats of the server or pip freeze said it',
    },
    {
      flags: '--journal [path]',
      about:
        "take in the runs that the capture pack wrote down; its folder in ComfyUI's user folder where no path is given",
    },
    { flags: '--output <file>', about: 'an output that the prompt made', many: true },
  ],
  examples: [
    'git comfy record output',
    'git comfy record output/*.png',
    'git comfy record --journal',
    'git comfy record --prompt prompt.json --output picture.png',
  ],
  run: async (context, input) => {
    const { cwd, signal, talk } = context;
    const [prompt, env] = [textOption(input, 'prompt'), textOption(input, 'env')];
    const named = listOption(input, 'output');
    if ((prompt === undefined) !== (named.length === 0)) throw new UsageError('--prompt and --output belong together');
    if (env !== undefined && prompt === undefined) throw new UsageError('--env belongs to --prompt');
    const files = [...(await outputPaths(cwd, input.args)), ...named];
    // The option may stand without a value.
    if (input.options['journal'] !== undefined) return fromJournal(context, textOption(input, 'journal'), files);
    if (files.length === 0)
      throw new UsageError('name the outputs to record', { hint: 'git comfy record output/*.png' });
    const repository = await openRepository(cwd);
    const given = prompt === undefined ? {} : { given: await readGiven(cwd, prompt, env) };
    const recording = await recordFiles(repository, files, { cwd, signal, talk, ...given });
    return answerOf(recording, files.length);
  },
};

async function fromJournal(context: Context, journal: string | undefined, files: readonly string[]): Promise<Answer> {
  if (files.length > 0) throw new UsageError('--journal takes in a journal, and no other files with it');
  const { cwd, signal, talk } = context;
  const repository = await openRepository(cwd);
  const around = await lookAround(repository, context);
  const path = journal === undefined ? undefined : resolve(cwd, journal);
  const recording = await recordJournal(repository, { path, around, now: context.now(), signal, talk });
  return { result: recording, text: journalText(recording) };
}

function answerOf(recording: Recording, asked: number): Answer {
  const { refused } = recording;
  const [first] = refused;
  // One file, and it cannot even be read: that is an error, not an answer.
  if (asked === 1 && first !== undefined && first.code !== 'no-metadata') {
    throw new InputError(
      first.code,
      `${first.file}: ${first.reason}`,
      first.hint === undefined ? {} : { hint: first.hint },
    );
  }
  return { result: recording, text: recordingText(recording), exit: refused.length === 0 ? exitCode.ok : exitCode.no };
}
