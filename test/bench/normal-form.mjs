// The normal form against what JavaScript itself needs for the same text, and how it grows.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled.mjs';
import { growth, processorTime, report, sideBySide } from './measure.mjs';
import { peakMemory } from './peak-memory.mjs';
import { syntheticWorkflow } from './synthetic-workflow.mjs';

/** Sizes as people's workflows have them: half below 12 kB, one in ten above 60 kB. */
const sizes = [3, 5, 7, 9, 10, 12, 20, 32, 58, 105];

export async function normalForm() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-bench-'));
  try {
    const { cleanBytes, openBlob, smudgedBytes } = await bundled(folder, {
      './src/workflow/clean.ts': ['cleanBytes', 'openBlob', 'smudgedBytes'],
    });
    const held = [...cleaning(cleanBytes), placing(cleanBytes, openBlob, smudgedBytes), ...memory(folder)];
    return held.every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The corpus where it is there, else a set of files with the sizes of one. */
function everyday() {
  const corpus = process.env.GIT_COMFY_CORPUS;
  if (corpus === undefined)
    return sizes.map((count, seed) => Buffer.from(JSON.stringify(syntheticWorkflow(count, seed))));
  const folder = join(corpus, 'workflows');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return names.map((name) => readFileSync(join(folder, name)));
}

function cleaning(cleanBytes) {
  const files = everyday();
  const all = sideBySide(
    15,
    () => processorTime(() => files.map((file) => cleanBytes(file))),
    () => processorTime(() => files.map((file) => JSON.stringify(parsed(file)))),
  );
  const texts = new Map([2000, 4000].map((count) => [count, Buffer.from(JSON.stringify(syntheticWorkflow(count, 1)))]));
  const grown = growth(15, (count) => processorTime(() => cleanBytes(texts.get(count))));
  return [
    report(`normal form of ${files.length} workflows`, 'JSON.parse and JSON.stringify', all, 5),
    report('normal form of 4,000 nodes', '2,000 nodes', grown, 2.3),
  ];
}

/** JSON of the corpus may hold Python's NaN, which JSON.parse refuses. */
function parsed(file) {
  try {
    return JSON.parse(file.toString());
  } catch {
    return {};
  }
}

/** A place for every node of a file that has none: what a checkout does without a layout, writing included. */
function placing(cleanBytes, openBlob, smudgedBytes) {
  const { bytes } = cleanBytes(Buffer.from(JSON.stringify(syntheticWorkflow(2000, 1))));
  const [text, { normal }] = [bytes.toString(), openBlob(bytes)];
  const placed = sideBySide(
    15,
    () => processorTime(() => smudgedBytes(normal, undefined)),
    () => processorTime(() => JSON.parse(text)),
  );
  return report('placing 2,000 nodes and writing them', 'JSON.parse of the file', placed, 10);
}

/** Of the real program, from its start to its end. */
function memory(folder) {
  const large = JSON.stringify(syntheticWorkflow(20_000, 1)).slice(0, -1);
  const raw = `${large},"notes":${JSON.stringify('a portrait, soft light '.repeat(Math.max(0, (20e6 - large.length) / 23)))}}`;
  const [workflow, stored] = [join(folder, 'large.json'), join(folder, 'stored.json')];
  writeFileSync(workflow, raw);
  const runs = [
    ['clean', ['clean', 'large.json'], { input: workflow, output: stored }],
    ['smudge', ['smudge', 'large.json'], { input: stored }],
    ['textconv', ['textconv', workflow], {}],
  ];
  return runs.map(([name, args, ends]) => {
    const megabytes = peakMemory(folder, args, ends);
    const held = megabytes <= 450;
    const size = (raw.length / 1e6).toFixed(0);
    console.log(`${held ? 'ok  ' : 'OVER'}  ${name} of ${size} MB: ${megabytes.toFixed(0)} MB of memory (at most 450)`);
    return held;
  });
}
