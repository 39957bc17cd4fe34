import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { exitCode } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { openWorkTree } from '../git/repository.js';
import type { Original } from '../reproduce/original.js';
import { failureLines, reproductionLines, summaryLines } from '../reproduce/report.js';
import { reachedAll } from '../reproduce/reproduce-all.js';
import type { Compared } from '../reproduce/reproduce-options.js';
import type { AllReproduced } from '../reproduce/reproduction.js';
import { saveMade } from '../reproduce/save-made.js';
import type { ComparedPictures } from '../terminal/page/comparison-page.js';
import { painter } from '../terminal/paint.js';
import { reportText } from '../terminal/reproduction-text.js';
import type { Answer, Command, Input } from './command.js';
import { reproduceWhere } from './reproduce-where.js';
import { count, wantedGrade, wantedOriginals } from './reproduce-wishes.js';
import { picturesOf, reproductionPage } from './reproduction-page.js';
import { textOption } from './text-option.js';

export const reproduceCommand: Command = {
  name: 'reproduce',
  group: 'everyday',
  summary: 'make an output again, prove that it ran, measure the difference',
  about:
    'Finds the record of an output, verifies models, packs and inputs against it, runs the recorded prompt again with the cache defeated, and compares decoded samples. ' +
    'The grade is full, approximate or partial, with reasons. Your files, index and branch stay as they are. ' +
    'Ends with 0 where the grade is at least what verifying expected, or what --expect asks; with 1 where it is not.',
  arguments: [
    {
      name: '[output or commit]',
      about: 'a picture, the first digits of its hash or of its record, or a commit for all that was made at it',
    },
  ],
  options: [
    { flags: '--find <query>', about: 'all outputs that `git comfy find` finds by these words and filters' },
    { flags: '--since <date>', about: 'of a commit or search: runs of that day, month or year and later' },
    { flags: '--limit <n>', about: 'of a commit or search: so many of the newest runs' },
    { flags: '--expect <grade>', about: 'the grade that counts as success: full, approximate or partial' },
    { flags: '--strict', about: 'do not run unless a full reproduction can be expected' },
    { flags: '--dry-run', about: 'stop after verifying, and say what would be done' },
    { flags: '--baseline', about: 'run twice, to tell a server that does not repeat itself, and by how much' },
    { flags: '--repeat <n>', about: 'run so many times, each compared and recorded' },
    { flags: '--out <folder>', about: 'save what was made there' },
    { flags: '--html <file>', about: 'write a page with original, reproduction, where they differ, and every reason' },
    {
      flags: '--packs <where>',
      about:
        '`worktree`: on a ComfyUI of its own, with ComfyUI and packs checked out at their commits beside yours, and your models',
    },
    { flags: '--yes', about: 'agree to run the code of every repository and commit that --packs needs (for scripts)' },
    { flags: '--keep', about: 'keep the folder of that ComfyUI, with its log' },
    {
      flags: '--server <url>',
      about:
        'the ComfyUI server; given several times, as git config comfy.server may be, whichever is free takes the next run',
      many: true,
    },
  ],
  examples: [
    'git comfy reproduce picture.png',
    'git comfy reproduce picture.png --expect approximate --out again',
    'git comfy reproduce picture.png --packs=worktree',
    'git comfy reproduce v1.2 --limit 5 --dry-run',
    'git comfy reproduce --find "label:approved date:2026-10"',
  ],
  run,
};

async function run(context: Context, input: Input): Promise<Answer> {
  const { cwd, signal, talk } = context;
  const { options } = input;
  const expect = wantedGrade(input);
  const repeat = count(input, 'repeat', 1000);
  const repository = await openWorkTree(cwd);
  const originals = await wantedOriginals(repository, cwd, input);
  const saved: string[] = [];
  const [html, out] = [textOption(input, 'html'), textOption(input, 'out')];
  const page = html === undefined ? undefined : resolve(cwd, html);
  const shown = new Map<Original, ComparedPictures[][]>();
  const onCompared = async (compared: Compared) => {
    const { original } = compared;
    if (page !== undefined) shown.set(original, [...(shown.get(original) ?? []), picturesOf(compared)]);
    if (out !== undefined) saved.push(...(await saveMade(resolve(cwd, out), compared)));
  };
  const wishes = {
    ...{ signal, talk, onCompared },
    dryRun: options['dryRun'] === true,
    strict: options['strict'] === true,
    baseline: options['baseline'] === true,
    ...(repeat === undefined ? {} : { repeat }),
  };
  const found = await reproduceWhere(context, input, repository, originals, wishes);
  if (page !== undefined && shown.size === 0) talk.say('no page was written: nothing was made that could be compared');
  else if (page !== undefined) {
    await writeFileAtomic(page, reproductionPage(originals.flatMap((original) => shown.get(original) ?? [])));
    saved.push(page);
  }
  return {
    result: { ...found, saved },
    text: textOf(context, found, saved),
    exit: reachedAll(found, expect) ? exitCode.ok : exitCode.no,
  };
}

function textOf({ output }: Context, found: AllReproduced, saved: readonly string[]): string {
  const width = output.interactive ? output.width : Number.POSITIVE_INFINITY;
  const blocks = [
    ...found.reproductions.map(reproductionLines),
    ...found.failed.map(failureLines),
    summaryLines(found),
    saved.map((path) => `saved ${path}`),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => reportText(lines, width, painter(output.color)))
    .join('\n\n');
}
