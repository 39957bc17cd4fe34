// What `find` answers by its index and its cache of facets is what a look at every record and every prompt answers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { journalDraft } from '../../src/capture/lineage-journal.js';
import { readRunDocuments } from '../../src/capture/read-documents.js';
import { readLineage } from '../../src/capture/read-lineage.js';
import { addNoteLines } from '../../src/git/notes.js';
import type { Repository } from '../../src/git/repository.js';
import { putStore } from '../../src/git/store.js';
import { snapshotDocument, stateDocument } from '../../src/lineage/documents.js';
import type { Draft } from '../../src/lineage/draft.js';
import { type Facets, facetsOf } from '../../src/lineage/facets.js';
import { type FilterKey, type FindQuery, readQuery } from '../../src/lineage/find-query.js';
import { labelsOf } from '../../src/lineage/labels.js';
import { joinRuns, type Run, startOf } from '../../src/lineage/query.js';
import type { RunRecord } from '../../src/lineage/record.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { noDependencies } from '../../src/lineage/state-document.js';
import { find } from '../../src/sharing/find.js';
import { fromPlain, type JsonObject } from '../../src/workflow/json.js';
import { makeRepository } from '../support/git.js';
import { digest } from '../support/lineage-lines.js';

// Signs with a meaning in JSON, in patterns, and in what is upper and lower case: the sign of Kelvin is a K, the long s an S.
const names = [
  'fox.png',
  'client/Fox 2.png',
  'Ünï "q".png',
  'a\\b.png',
  '\u212aelvin.png',
  'be\u017ft.PNG',
  'x/y/fox*.webp',
];
const texts = [
  'a red fox',
  'A RED FOX\nby night',
  'ein Füchslein',
  '\u212a and \u017f',
  'tab\tand \\ slash',
  'off "the" map',
  '',
];
const values = ['7', '7.0', '20', '18446744073709551615', '-3', '1e2'];

const inputs = (at: number) => ({
  3: {
    class_type: 'KSampler',
    inputs: {
      steps: 10 + at,
      cfg: at / 2,
      sampler_name: at % 2 === 0 ? 'euler' : 'dpmpp_2m',
      positive: ['6', 0],
      model: ['4', 0],
    },
  },
  4: {
    class_type: 'CheckpointLoaderSimple',
    inputs: { ckpt_name: `${'Dream Ünï ink'.split(' ')[at % 3]}.safetensors` },
  },
  5: { class_type: 'LoraLoader', inputs: { lora_name: at % 4 === 0 ? 'sub/ink.safetensors' : 'dream.pt' } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: texts[at % texts.length] } },
});

const snapshots = Array.from({ length: 9 }, (_, at) =>
  snapshotDocument({ snapshot: 1, prompt: fromPlain(inputs(at)) as JsonObject, workflow: new Map() }),
);
const states = ['Dream.safetensors', 'ink.safetensors'].map((name, at) =>
  stateDocument({
    ...noDependencies,
    state: 1,
    environment: {},
    models: new Map([[`checkpoints/${name}`, { digest: `sha256:${digest(at)}` as const }]]),
    packs: new Map([[`Pack-${at}`, { version: '1' }]]),
  }),
);
/** Of the last but one only the journal has more than the name, of the last one nobody. */
const stored = [...snapshots.slice(0, 7), ...states];

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const small = fc.nat(8);

const recordOf = (snapshotsOf: readonly number[]): fc.Arbitrary<RunRecord> =>
  fc
    .record({
      match: fc.constantFrom('exact', 'seeds', 'derived', 'uncommitted'),
      outputs: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
      seed: fc.constantFrom(...values),
      prompt: optional(small.map((one) => `prompt ${one}`)),
      commit: optional(fc.constantFrom('a', 'b').map((letter) => letter.repeat(40))),
      path: optional(fc.constantFrom('workflows/fox.json', 'Ünï.json')),
      grade: optional(fc.constantFrom('full', 'partial')),
      snapshot: fc.constantFrom(...snapshotsOf),
      state: optional(fc.nat(1)),
      day: fc.constantFrom('2025-06-30', '2025-07-01', '2026-01-01'),
    })
    .map(({ match, outputs, seed, prompt, commit, path, grade, snapshot, state, day }) => ({
      record: 1,
      match,
      outputs: outputs.map((name, index) => ({ name, sha256: digest(snapshot), bytes: 1, node: '9', index })),
      seeds: { '3.seed': seed },
      snapshot: snapshots[snapshot]?.id ?? '',
      captured: 'run',
      time: `${day}T12:00:00.000Z`,
      ...(prompt === undefined ? {} : { prompt }),
      ...(commit === undefined ? {} : { commit }),
      ...(path === undefined ? {} : { workflow: { path, blob: digest(1, 40) } }),
      ...(grade === undefined ? {} : { grade }),
      ...(state === undefined ? {} : { state: states[state]?.id ?? '' }),
    }));

/** Records, and of some a label or that they were taken back. */
const lines = fc
  .array(fc.tuple(recordOf([0, 1, 2, 3, 4, 5, 6, 8]), fc.constantFrom('', '', 'best', 'Kün', 'tombstone')), {
    minLength: 1,
    maxLength: 12,
  })
  .map((all) =>
    all.flatMap(([made, said]) => {
      const line = writeRecord(made);
      const about = { of: recordId(line), time: '2026-11-21T13:00:00.000Z' };
      if (said === '') return [line];
      return [
        line,
        writeRecord(said === 'tombstone' ? { tombstone: 1, ...about } : { label: 1, name: said, ...about }),
      ];
    }),
  );

const numbers = ['20', '>10', '<=12', '7', '7.0', '1..7', '..12', '12..', '10,14', '18446744073709551615', '-3', '1e2'];
const words = [
  'fox',
  'FOX',
  'k',
  's',
  'ü',
  '\\',
  '"',
  'a r',
  '*',
  '?o*',
  '*.png',
  'client/*',
  'b,fox',
  'ink',
  'dream*',
  'n',
  ' ',
];
const asked: Readonly<Partial<Record<FilterKey, readonly string[]>>> = {
  file: words,
  seed: numbers,
  date: ['2025', '2025-07', '2025-06-30..', '..2025-07-01', '2025-07..2026'],
  match: ['exact', 'derived,seeds'],
  workflow: words,
  label: ['best', 'k', 'b*', 'ü'],
  grade: ['full', 'partial,full'],
  prompt: words,
  negative: words,
  model: [...words, digest(0).slice(0, 7), digest(1).slice(0, 9)],
  lora: words,
  pack: ['pack', '*-1'],
  sampler: ['euler', '*2m', 'e'],
  steps: numbers,
  cfg: numbers,
};
const filter = fc
  .constantFrom(...Object.entries(asked))
  .chain(([key, wanted]) => fc.constantFrom(...wanted).map((value) => `${key}:${value}`));
const query = fc.array(fc.oneof({ weight: 4, arbitrary: filter }, fc.constantFrom(...words)), {
  minLength: 1,
  maxLength: 3,
});

interface Known {
  readonly run: Run;
  readonly labels: readonly string[];
  readonly facets: Facets | undefined;
}

/** Everything that there is, read without index and cache. */
async function everything(repository: Repository): Promise<Known[]> {
  const lineage = await readLineage(repository);
  const labels = labelsOf(lineage.labels);
  const facets = new Map<string, Facets | undefined>();
  const known: Known[] = [];
  for (const run of joinRuns(lineage.records)) {
    const key = `${run.best.record.snapshot} ${run.best.record.state}`;
    if (!facets.has(key)) {
      const { snapshot, state } = await readRunDocuments(repository, run.best.record);
      facets.set(key, snapshot === undefined ? undefined : facetsOf(snapshot, state));
    }
    known.push({ run, labels: labels(run), facets: facets.get(key) });
  }
  return known;
}

const ofRecord: Readonly<
  Partial<Record<FilterKey, (record: RunRecord, labels: readonly string[]) => readonly string[]>>
> = {
  file: ({ outputs }) => outputs.map(({ name }) => name),
  seed: ({ seeds }) => Object.values(seeds),
  date: (one) => [startOf(one)],
  match: ({ match }) => [match],
  workflow: ({ workflow }) => (workflow === undefined ? [] : [workflow.path]),
  grade: ({ grade }) => (grade === undefined ? [] : [grade]),
  label: (_, labels) => labels,
};
const ofPrompt: Readonly<Partial<Record<FilterKey, (facets: Facets) => readonly string[]>>> = {
  prompt: ({ positive }) => positive,
  negative: ({ negative }) => negative,
  model: ({ models, digests }) => [...models, ...digests],
  lora: ({ models }) => models.filter((key) => key.startsWith('loras/')),
  pack: ({ packs }) => packs,
  sampler: ({ values }) => values['sampler_name'] ?? [],
  steps: ({ values }) => values['steps'] ?? [],
  cfg: ({ values }) => values['cfg'] ?? [],
};

function scanned(known: readonly Known[], { filters, words: wanted }: FindQuery) {
  const left = known.filter(({ run, labels }) =>
    filters.every(({ key, test: fits }) => ofRecord[key]?.(run.best.record, labels).some(fits) ?? true),
  );
  const asksOfPrompts = wanted.length > 0 || filters.some(({ key }) => key in ofPrompt);
  const fitting = left.filter(({ facets }) => {
    if (facets === undefined) return !asksOfPrompts;
    const holds = (word: string) => facets.positive.some((text) => text.toLowerCase().includes(word.toLowerCase()));
    return wanted.every(holds) && filters.every(({ key, test: fits }) => ofPrompt[key]?.(facets).some(fits) ?? true);
  });
  const files = filters.filter(({ key }) => key === 'file');
  const rows = fitting.flatMap(({ run, labels, facets }) =>
    run.best.record.outputs
      .filter(({ name }) => files.every(({ test: fits }) => fits(name)))
      .map(({ index }) => ({ id: recordId(run.best.text), index, labels, facets })),
  );
  return { rows: sorted(rows), unknown: left.filter(({ facets }) => facets === undefined).length };
}

async function found(repository: Repository, asking: FindQuery) {
  const { rows, unknown } = await find(repository, asking, true);
  const plain = rows.map(({ id, output, labels, facets }) => ({ id, index: output.index, labels, facets }));
  return { rows: sorted(plain), unknown };
}

const sorted = <T extends { readonly id: string; readonly index: number }>(rows: readonly T[]) =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.index - b.index));

function draftOf(waiting: RunRecord): Draft {
  const textOf = (id: string | undefined) => [...snapshots, ...states].find((one) => one.id === id)?.text;
  const state = textOf(waiting.state);
  return { record: waiting, snapshot: textOf(waiting.snapshot) ?? '', ...(state === undefined ? {} : { state }) };
}

test('find answers as a look at everything does, in whatever portions it came', { timeout: 120_000 }, async () => {
  const portion = fc.record({
    lines,
    waiting: optional(recordOf([0, 1, 2, 7])),
    queries: fc.array(query, { minLength: 8, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(portion, { minLength: 2, maxLength: 2 }), async (portions) => {
      const made = makeRepository();
      await putStore(
        await made.open(),
        stored.map(({ path, text }) => ({ path, bytes: text })),
      );
      for (const [at, { lines: added, waiting, queries }] of portions.entries()) {
        const repository = await made.open();
        const commit = 'ab'.charAt(at).repeat(40);
        await addNoteLines(
          repository,
          added.map((line) => ({ commit, line })),
        );
        if (waiting !== undefined) await journalDraft(repository, draftOf(waiting));
        const known = await everything(repository);
        for (const typed of queries) {
          const asking = readQuery(typed);
          expect([typed, await found(repository, asking)]).toEqual([typed, scanned(known, asking)]);
        }
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});
