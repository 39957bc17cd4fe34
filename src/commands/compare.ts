import { exitCode } from '../errors.js';
import { measuredWords } from '../lineage/measured-words.js';
import { compareFiles, type FileComparison } from '../reproduce/compare-files.js';
import { namedOutput } from '../reproduce/known-making.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';

export const compareCommand: Command = {
  name: 'compare',
  group: 'more',
  summary: 'how far two outputs differ, and what differs in how they were made',
  about:
    'Compares decoded samples, not files: two pictures with other metadata or compression are the same. SSIM is that of scikit-image with its defaults. ' +
    'How they were made, down to the content of models and the commits of packs, is known where both have a record; else from what ComfyUI embedded. What decides most ' +
    'comes first: graph, values, models, order of LoRAs, inputs, packs, ComfyUI, environment. ' +
    'Ends with 1 where the samples differ.',
  arguments: [
    { name: '<a>', about: 'an output, or the first digits of the SHA-256 of a recorded one' },
    { name: '<b>', about: 'another one' },
  ],
  options: [],
  examples: ['git comfy compare before.png after.png'],
  run: async ({ cwd }, { args }) => {
    const [a = '', b = ''] = args;
    const found = compareFiles(await namedOutput(cwd, a), await namedOutput(cwd, b));
    const same = found.metrics?.equal ?? found.sameFile;
    return { result: found, text: textOf(found, same), exit: same ? exitCode.ok : exitCode.no };
  },
};

function textOf(found: FileComparison, same: boolean): string {
  const { sameFile, metrics, notMeasured } = found;
  const looks = notMeasured ?? (metrics === undefined ? '' : measuredWords(metrics));
  return [sameFile ? 'the same file' : `pixels: ${looks}`, ...makingLines(found, same)].map(safeLine).join('\n');
}

function makingLines({ making, notTold, observed, metrics }: FileComparison, same: boolean): string[] {
  if (making === undefined) return [`made: ${notTold}`];
  if (making.length > 0)
    return [`made: ${plural(making.length, 'difference')}`, ...making.map(({ text }) => `  ${text}`)];
  if (!observed) {
    return [
      'made: nothing differs in the prompts; files, packs and machine were not captured for both, and may differ',
    ];
  }
  const measured = metrics !== undefined && !same;
  return [
    measured
      ? 'made: nothing that was captured differs, and the pixels do: what decides was not captured, or the server is not stable'
      : 'made: nothing that was captured differs: expect the same pixels',
  ];
}
