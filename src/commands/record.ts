import { resolve } from 'node:path';
import { type Recording, recordFiles } from '../capture/record.js';
import { exitCode, InputError, UsageError } from '../errors.js';
import { readNamed } from '../files/named.js';
import { readBounded } from '../files/read.js';
import { openRepository } from '../git/repository.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { recordedPlace } from '../terminal/recorded-place.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import { type JsonObject, parseJson } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import type { Command } from './command.js';

export const recordCommand: Command = {
  name: 'record',
  group: 'more',
  summary: 'back-fill: take in existing outputs, from what is embedded in them',
  about:
    'Finds the commit that each output came from by its embedded workflow. Hashes of models and commits of packs as they are today do not enter: they are "not captured". ' +
    'An output that has a record already is left alone. Ends with 1 where some could not be recorded.',
  arguments: [{ name: '[files...]', about: 'outputs' }],
  options: [
    { flags: '--prompt <file>', about: 'the prompt (API format) of outputs that have none in them' },
    { flags: '--output <file>', about: 'an output that the prompt made', many: true },
  ],
  examples: ['git comfy record output/*.png', 'git comfy record --prompt prompt.json --output picture.png'],
  run: async ({ cwd, signal, talk }, { args, options }) => {
    const { prompt, output = [] } = options;
    const named = typeof output === 'string' ? [output] : Array.isArray(output) ? output : [];
    if ((prompt === undefined) !== (named.length === 0)) throw new UsageError('--prompt and --output belong together');
    const files = [...args, ...named];
    if (files.length === 0)
      throw new UsageError('name the outputs to record', { hint: 'git comfy record output/*.png' });
    const repository = await openRepository(cwd);
    const given = typeof prompt === 'string' ? { prompt: await readPromptFile(resolve(cwd, prompt)) } : {};
    const recording = await recordFiles(repository, files, { cwd, signal, talk, ...given });
    return answerOf(recording, files.length);
  },
};

async function readPromptFile(path: string): Promise<JsonObject> {
  const bytes = await readBounded(path, maxOutputBytes);
  return readNamed(path, () => readPrompt(parseJson(bytes.toString('utf8'))).source);
}

function answerOf(recording: Recording, asked: number) {
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
  return { result: recording, text: textOf(recording), exit: refused.length === 0 ? exitCode.ok : exitCode.no };
}

function textOf({ recorded, known, refused }: Recording): string {
  return [
    ...recorded.map(({ file, record }) => safeLine(`${file}: recorded: ${recordedPlace(record)}`)),
    ...(known.length === 0 ? [] : [`${plural(known.length, 'output')} had a record already`]),
    ...refused.flatMap(({ file, reason, hint }) => [
      safeLine(`${file}: not recorded: ${reason}`),
      ...(hint === undefined ? [] : [safeLine(`  ${hint}`)]),
    ]),
  ].join('\n');
}
