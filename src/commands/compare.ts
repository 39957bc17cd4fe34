import { resolve } from 'node:path';
import { exitCode } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { type SeenDifference, seenDifference } from '../image/seen-difference.js';
import { compareFiles, type FileComparison } from '../reproduce/compare-files.js';
import { compareFrames } from '../reproduce/compare-frames.js';
import { type NamedOutput, namedOutput } from '../reproduce/known-making.js';
import { comparisonPage } from '../terminal/page/comparison-page.js';
import { safeLine } from '../terminal/safe.js';
import type { Command } from './command.js';
import { metricFacts, shownFile } from './comparison-facts.js';
import { comparisonText } from './comparison-text.js';

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
  options: [
    { flags: '--html <file>', about: 'write a page with both, where they differ, and how they were made' },
    { flags: '--heat <file>', about: 'write a PNG of where they differ' },
  ],
  examples: ['git comfy compare before.png after.png', 'git comfy compare before.png after.png --html both.html'],
  run: async ({ cwd, signal }, { args, options }) => {
    const [a, b] = [await namedOutput(cwd, args[0] ?? ''), await namedOutput(cwd, args[1] ?? '')];
    const found = await withFrames(compareFiles(a, b), a, b, signal);
    const same = found.metrics?.equal ?? found.sameFile;
    const text = comparisonText(found, same);
    const seen = a.bytes === undefined || b.bytes === undefined ? { notes: [] } : seenDifference(a.bytes, b.bytes);
    const saved: string[] = [];
    const save = async (name: 'html' | 'heat', content: () => string | Buffer | undefined) => {
      const path = typeof options[name] === 'string' ? resolve(cwd, options[name]) : undefined;
      const made = path === undefined ? undefined : content();
      if (path === undefined || made === undefined) return;
      await writeFileAtomic(path, made);
      saved.push(path);
    };
    await save('html', () => comparedPage(a, b, found, { lines: text.split('\n'), ...seen }));
    await save('heat', () => seen.heat);
    const noHeat = typeof options['heat'] === 'string' && seen.heat === undefined ? [noHeatMap(same)] : [];
    return {
      result: { ...found, notes: seen.notes, saved },
      text: [text, ...seen.notes.map(safeLine), ...noHeat, ...saved.map((path) => safeLine(`saved ${path}`))].join(
        '\n',
      ),
      exit: same ? exitCode.ok : exitCode.no,
    };
  },
};

const noHeatMap = (same: boolean) =>
  `no heat map was written: ${same ? 'nothing differs' : 'these are no two still PNG pictures of one size'}`;

/** What is not decoded here is compared by what ffmpeg decodes, where there is one. */
async function withFrames(
  found: FileComparison,
  { bytes: before }: NamedOutput,
  { bytes: after }: NamedOutput,
  signal: AbortSignal,
): Promise<FileComparison> {
  if (found.metrics !== undefined || found.sameFile || before === undefined || after === undefined) return found;
  const frames = await compareFrames(before, after, signal);
  if ('notDecoded' in frames) return { ...found, notMeasured: `${found.notMeasured}; ${frames.notDecoded}` };
  const { metrics } = frames;
  const { notMeasured: _, ...facts } = found;
  return { ...facts, frames: frames.text, ...(metrics === undefined ? {} : { metrics }) };
}

function comparedPage(
  a: NamedOutput,
  b: NamedOutput,
  { metrics }: FileComparison,
  { lines, heat, notes }: SeenDifference & { readonly lines: readonly string[] },
): string {
  const pair = {
    name: `${a.name} and ${b.name}`,
    before: shownFile(a.bytes, 'its file is not at hand'),
    after: shownFile(b.bytes, 'its file is not at hand'),
    ...(heat === undefined ? {} : { heat }),
    facts: metricFacts(metrics),
    lists: [
      { heading: 'Compared', lines },
      { heading: 'Colours', lines: notes },
    ],
  };
  return comparisonPage({ title: pair.name, words: [a.name, b.name], pairs: [pair], madeBy: 'git comfy compare' });
}
