import { basename, resolve } from 'node:path';
import { exitCode } from '../errors.js';
import { readBounded } from '../files/read.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { measuredWords } from '../lineage/measured-words.js';
import { compareFiles, type FileComparison } from '../reproduce/compare-files.js';
import { knownMaking } from '../reproduce/known-making.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import { promptDifferenceText } from '../workflow/prompt-differences.js';
import type { Command } from './command.js';

export const compareCommand: Command = {
  name: 'compare',
  group: 'more',
  summary: 'how far two outputs differ, and what differs in how they were made',
  about:
    'Compares decoded samples, not files: two pictures with other metadata or compression are the same. SSIM is that of scikit-image with its defaults. ' +
    'How they were made, down to the content of models and the commits of packs, is known where both have a record; else from what ComfyUI embedded. ' +
    'Ends with 1 where the samples differ.',
  arguments: [
    { name: '<a>', about: 'an output' },
    { name: '<b>', about: 'another one' },
  ],
  options: [],
  examples: ['git comfy compare before.png after.png'],
  run: async ({ cwd }, { args }) => {
    const [a = '', b = ''] = args;
    const found = compareFiles(await readOutput(cwd, a), await readOutput(cwd, b));
    const same = found.metrics?.equal ?? found.sameFile;
    return { result: found, text: textOf(found), exit: same ? exitCode.ok : exitCode.no };
  },
};

async function readOutput(cwd: string, path: string) {
  const bytes = await readBounded(resolve(cwd, path), maxOutputBytes);
  return { name: basename(path), bytes, making: await knownMaking(cwd, bytes) };
}

function textOf(found: FileComparison): string {
  const { sameFile, metrics, notMeasured } = found;
  const looks = notMeasured ?? (metrics === undefined ? '' : measuredWords(metrics));
  return [sameFile ? 'the same file' : `pixels: ${looks}`, ...makingLines(found)].map(safeLine).join('\n');
}

function makingLines({ making, notTold, seen }: FileComparison): string[] {
  const observed = (seen ?? []).map(({ subject, before, after }) => `  ${subject}: ${before} -> ${after}`);
  if (making === undefined) return [`made: ${notTold}`, ...observed];
  const differences = [...making.map((one) => `  ${promptDifferenceText(one)}`), ...observed];
  if (differences.length > 0) return [`made: ${plural(differences.length, 'difference')}`, ...differences];
  return [
    seen === undefined
      ? 'made: nothing differs in the prompts'
      : 'made: nothing differs, neither in the prompts nor in the files, packs and machine that were seen',
  ];
}
