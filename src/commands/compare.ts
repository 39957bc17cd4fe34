import { basename, resolve } from 'node:path';
import { exitCode } from '../errors.js';
import { readBounded } from '../files/read.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { measuredWords } from '../lineage/measured-words.js';
import { compareFiles, type FileComparison } from '../reproduce/compare-files.js';
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
    'How they were made is read from what ComfyUI embedded. Ends with 1 where the samples differ.',
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

const readOutput = async (cwd: string, path: string) => ({
  name: basename(path),
  bytes: await readBounded(resolve(cwd, path), maxOutputBytes),
});

function textOf({ sameFile, metrics, notMeasured, making, notTold }: FileComparison): string {
  const looks = metrics === undefined ? (notMeasured ?? '') : measuredWords(metrics);
  const lines = [sameFile ? 'the same file' : `pixels: ${looks}`];
  if (making === undefined) lines.push(`made: ${notTold}`);
  else if (making.length === 0) lines.push('made: nothing differs in the embedded prompts');
  else
    lines.push(
      `made: ${plural(making.length, 'difference')}`,
      ...making.map((one) => `  ${promptDifferenceText(one)}`),
    );
  return lines.map(safeLine).join('\n');
}
