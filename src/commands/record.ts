import { resolve } from 'node:path';
import type { GivenFacts } from '../capture/embedded-facts.js';
import { lookAround } from '../capture/look-around.js';
import { outputPaths } from '../capture/output-paths.js';
import { type Recording, recordFiles } from '../capture/record.js';
import { type JournalRecording, recordJournal } from '../capture/record-journal.js';
import { readEnvironmentFile } from '../comfyui/environment-file.js';
import type { Context } from '../context.js';
import { exitCode, InputError, UsageError } from '../errors.js';
import { readNamed } from '../files/named.js';
import { readBounded } from '../files/read.js';
import { openRepository } from '../git/repository.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { recordedPlace } from '../terminal/recorded-place.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import { parseJson } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { promptDocuments } from '../workflow/prompt-documents.js';
import type { Answer, Command, Input } from './command.js';

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
  run: async (context, { args, options }) => {
    const { cwd, signal, talk } = context;
    const { prompt, output = [], journal, env } = options;
    const named = typeof output === 'string' ? [output] : Array.isArray(output) ? output : [];
    if ((prompt === undefined) !== (named.length === 0)) throw new UsageError('--prompt and --output belong together');
    if (env !== undefined && prompt === undefined) throw new UsageError('--env belongs to --prompt');
    const files = [...(await outputPaths(cwd, args)), ...named];
    if (journal !== undefined) return fromJournal(context, typeof journal === 'string' ? journal : undefined, files);
    if (files.length === 0)
      throw new UsageError('name the outputs to record', { hint: 'git comfy record output/*.png' });
    const repository = await openRepository(cwd);
    const given = typeof prompt === 'string' ? { given: await readGiven(cwd, prompt, env) } : {};
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

async function readGiven(cwd: string, prompt: string, env: Input['options'][string]): Promise<GivenFacts> {
  const given = await readText(cwd, prompt, (text) => {
    const documents = promptDocuments(parseJson(text));
    return { ...documents, prompt: readPrompt(documents.prompt ?? new Map()).source };
  });
  if (typeof env !== 'string') return given;
  return { ...given, environment: await readText(cwd, env, readEnvironmentFile) };
}

async function readText<T>(cwd: string, file: string, read: (text: string) => T): Promise<T> {
  const path = resolve(cwd, file);
  const bytes = await readBounded(path, maxOutputBytes);
  return readNamed(path, () => read(bytes.toString('utf8')));
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
    ...recordedLines(recorded),
    ...(known.length === 0 ? [] : [`${plural(known.length, 'output')} had a record already`]),
    ...refused.flatMap(({ file, reason, hint }) => [
      safeLine(`${file}: not recorded: ${reason}`),
      ...(hint === undefined ? [] : [safeLine(`  ${hint}`)]),
    ]),
  ].join('\n');
}

/** Of a whole folder what was linked is counted by where to; what was not is named file by file. */
function recordedLines(recorded: Recording['recorded']): string[] {
  const [linked, loose] = [true, false].map((is) =>
    recorded.filter(({ record }) => (record.match !== 'uncommitted') === is),
  );
  const lines = (runs: Recording['recorded'] = []) =>
    runs.map(({ file, record }) => safeLine(`${file}: recorded: ${recordedPlace(record)}`));
  if (recorded.length <= mostLines) return lines(recorded);
  const counts = new Map<string, number>();
  for (const { record } of linked ?? []) {
    const place = recordedPlace(record);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [
    ...[...counts].map(([place, count]) => safeLine(`${plural(count, 'output')} recorded: ${place}`)),
    ...lines(loose),
  ];
}

const mostLines = 20;

function journalText({ recorded, known, empty, waiting, damaged }: JournalRecording): string {
  const lines = [
    ...recorded.map(({ record }) =>
      safeLine(`${record.outputs[0]?.name ?? record.prompt}: recorded: ${recordedPlace(record)}`),
    ),
    counted(known, 'run', 'had a record already'),
    counted(empty, 'run', 'failed or left no file'),
    counted(waiting, 'run', 'waits until the capture pack has hashed its models; type it again later'),
    counted(damaged, 'line', 'of the journal cannot be read'),
  ];
  const said = lines.filter((line) => line !== '');
  return said.length === 0 ? 'the journal is empty' : said.join('\n');
}

const counted = (count: number, what: string, words: string) => (count === 0 ? '' : `${plural(count, what)} ${words}`);
