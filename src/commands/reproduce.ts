import { serverFor } from '../capture/server-choice.js';
import { findSurroundings } from '../capture/surroundings.js';
import { exitCode, UsageError } from '../errors.js';
import { openWorkTree } from '../git/repository.js';
import { atLeast, isGrade } from '../lineage/grade.js';
import type { Grade } from '../lineage/record.js';
import { findOriginals } from '../reproduce/original.js';
import { reproductionLines } from '../reproduce/report.js';
import { reproduce } from '../reproduce/reproduce.js';
import type { Reproduction } from '../reproduce/reproduction.js';
import { painter } from '../terminal/paint.js';
import { reportText } from '../terminal/reproduction-text.js';
import type { Command } from './command.js';

export const reproduceCommand: Command = {
  name: 'reproduce',
  group: 'everyday',
  summary: 'make an output again, prove that it ran, measure the difference',
  about:
    'Finds the record of an output, verifies models, packs and inputs against it, runs the recorded prompt again with the cache defeated, and compares decoded samples. ' +
    'The grade is full, approximate or partial, with reasons. Your files, index and branch stay as they are. ' +
    'Ends with 0 where the grade is at least what verifying expected, or what --expect asks; with 1 where it is not.',
  arguments: [{ name: '<output or commit>', about: 'a picture, or a commit for all that was made at it' }],
  options: [
    { flags: '--expect <grade>', about: 'the grade that counts as success: full, approximate or partial' },
    { flags: '--strict', about: 'do not run unless a full reproduction can be expected' },
    { flags: '--dry-run', about: 'stop after verifying, and say what would be done' },
    { flags: '--baseline', about: 'run twice, to tell a server that does not repeat itself' },
    { flags: '--server <url>', about: 'the ComfyUI server' },
  ],
  examples: ['git comfy reproduce picture.png', 'git comfy reproduce picture.png --expect approximate'],
  run: async ({ cwd, env, signal, talk, output }, { args, options }) => {
    const expect = wanted(options['expect']);
    const repository = await openWorkTree(cwd);
    const originals = await findOriginals(repository, args[0] ?? '', cwd);
    const flag = typeof options['server'] === 'string' ? { flag: options['server'] } : {};
    const server = await serverFor(repository, { ...flag, env, signal });
    const around = await findSurroundings(repository, { cwd, env, server, signal });
    const { dryRun, strict, baseline } = options;
    const flags = { dryRun: dryRun === true, strict: strict === true, baseline: baseline === true };
    const found: Reproduction[] = [];
    for (const original of originals) {
      found.push(await reproduce(repository, original, { around, server, signal, talk, ...flags }));
    }
    const good = found.every((one) => isGood(one, expect, flags.dryRun));
    const width = output.interactive ? output.width : Number.POSITIVE_INFINITY;
    const text = found.map((one) => reportText(reproductionLines(one), width, painter(output.color))).join('\n\n');
    return { result: { reproductions: found }, text, exit: good ? exitCode.ok : exitCode.no };
  },
};

/** @throws UsageError */
function wanted(text: unknown): Grade | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && isGrade(text)) return text;
  throw new UsageError(`there is no grade "${String(text)}"`, { hint: 'grades are full, approximate and partial' });
}

/** A dry run found what it was asked to; a run that --strict stopped did not. */
function isGood({ grade, expected }: Reproduction, expect: Grade | undefined, dryRun: boolean): boolean {
  if (grade === undefined) return dryRun;
  return atLeast(grade, expect ?? expected.grade);
}
