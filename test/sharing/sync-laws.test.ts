import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { addLineage } from '../../src/git/lineage-lines.js';
import { readNotes } from '../../src/git/notes.js';
import { listStore, putStore, readStore } from '../../src/git/store.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { nameDocument } from '../../src/lineage/stored-document.js';
import { fsck } from '../../src/sharing/fsck.js';
import { gc } from '../../src/sharing/gc.js';
import { sync } from '../../src/sharing/sync.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository } from '../support/git.js';
import { digest, recordOf } from '../support/lineage-lines.js';

const remotes = ['hub', 'other'] as const;
const names = ['a', 'b'] as const;
/** A run takes a second or two: more of them by hand, `LAW_RUNS=100`. */
const numRuns = Number(process.env['LAW_RUNS'] ?? 3);

/** What somebody does, in which clone. Runs share snapshots and commits, so that one's rubbish is what another one needs. */
const step = fc.record({
  who: fc.constantFrom(...names),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.record({ record: fc.nat(7), commit: fc.constantFrom(1, 2), temp: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ remote: fc.constantFrom(...remotes) }) },
    { weight: 2, arbitrary: fc.record({ layout: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ label: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ unlabel: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ crowd: fc.constantFrom(1, 2) }) },
    { weight: 1, arbitrary: fc.record({ gc: fc.constant(true) }) },
  ),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What has been written, wherever: ids of lines. */
interface Written {
  readonly kept: Set<string>;
  readonly previews: Set<string>;
  readonly labels: Set<string>;
  layout: string | undefined;
}

const layoutPath = 'layouts/ab/c/d.json';
const timeOf = (at: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, at)).toISOString();
const documentOf = (number: number) => nameDocument('snapshot', `{"snapshot":1,"prompt":{"${number}":{}}}\n`);

/** Two bare repositories, two clones that know both. */
function studio(): ReadonlyMap<string, TestRepository> {
  const first = makeRepository();
  first.commit({ a: 'a' });
  for (const remote of remotes) first.git('clone', '-q', '--bare', '.', `../${remote}.git`);
  for (const name of names) {
    first.git('clone', '-q', '-o', 'hub', '../hub.git', `../${name}`);
    first.git('-C', `../${name}`, 'remote', 'add', 'other', '../other.git');
  }
  return new Map(names.map((name) => [name, repositoryAt(join(dirname(first.path), name))]));
}

/** A run of which nobody else has the like, but for its snapshot. */
function lineOf(at: number, { commit, number, temp }: { commit: number; number: number; temp: boolean }): string {
  const output = { name: `${at}.png`, sha256: digest(100 + at), bytes: 1, node: '9', index: 0 };
  const {
    varies: _,
    state: __,
    ...record
  } = recordOf(number, {
    ...{ commit: digest(commit, 40), prompt: `run ${at}`, snapshot: documentOf(number).id, time: timeOf(at) },
    outputs: [{ ...output, ...(temp ? { temp: true as const } : {}) }],
  });
  return writeRecord(record);
}

async function take(made: TestRepository, { who, what }: Step, at: number, written: Written): Promise<void> {
  const repository = await made.open();
  if ('remote' in what) await sync(captured(made.path).context, what.remote);
  else if ('gc' in what)
    await gc(repository, { dryRun: false, since: new Date('2030-01-01'), now: new Date(timeOf(at)) });
  else if ('layout' in what) {
    const text = `{"layout":1,"time":"${timeOf(what.layout)}","by":"${who}"}`;
    await putStore(repository, [{ path: layoutPath, bytes: text }]);
    if ((written.layout ?? '') < timeOf(what.layout)) written.layout = timeOf(what.layout);
  } else if ('record' in what) {
    const line = lineOf(at, { ...what, number: what.record });
    const { path, text } = documentOf(what.record);
    await putStore(repository, [{ path, bytes: text }]);
    await addLineage(repository, [{ commit: digest(what.commit, 40), line }]);
    (what.temp ? written.previews : written.kept).add(recordId(line));
  } else if ('crowd' in what) await crowd(made, what.crowd, at, written);
  else await changeLabels(made, what, at, written);
}

/** So many lines that older ones move into the store. */
async function crowd(made: TestRepository, commit: number, at: number, written: Written): Promise<void> {
  const repository = await made.open();
  const { path, text } = documentOf(0);
  await putStore(repository, [{ path, bytes: text }]);
  const lines = Array.from({ length: 5 }, (_, one) => {
    const record = JSON.parse(lineOf(at * 10 + one + 1000, { commit, number: 0, temp: false }));
    return writeRecord({ ...record, differs: [`1.${'x'.repeat(250_000)}`] });
  });
  await addLineage(
    repository,
    lines.map((line) => ({ commit: digest(commit, 40), line })),
  );
  for (const line of lines) written.kept.add(recordId(line));
}

async function changeLabels(
  made: TestRepository,
  what: { label: number } | { unlabel: number },
  at: number,
  { labels: all }: Written,
): Promise<void> {
  const repository = await made.open();
  const { records, labels } = await readLineage(repository);
  const taken = 'unlabel' in what ? labels[what.unlabel % Math.max(labels.length, 1)] : undefined;
  const named = 'label' in what ? records[what.label % Math.max(records.length, 1)] : undefined;
  const commit = digest(1, 40);
  const time = timeOf(at);
  if (taken !== undefined) {
    await addLineage(repository, [{ commit, line: writeRecord({ tombstone: 1, of: recordId(taken.text), time }) }]);
    all.delete(recordId(taken.text));
  }
  if (named !== undefined) {
    const line = writeRecord({ label: 1, name: 'client-x', of: recordId(named.text), time });
    await addLineage(repository, [{ commit, line }]);
    all.add(recordId(line));
  }
}

const sortedIds = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => recordId(text)).sort();

async function heldBy(made: TestRepository) {
  const repository = await made.open();
  const lineage = await readLineage(repository);
  const notes = [...(await readNotes(repository))].map(([commit, texts]) => [commit, [...texts].sort()]);
  const { faults } = await fsck(repository, false);
  return {
    notes: notes.sort(),
    documents: (await listStore(repository, '')).sort(),
    layout: (await readStore(repository, layoutPath))?.toString('utf8'),
    records: sortedIds(lineage.records),
    labels: sortedIds(lineage.labels),
    // The commits are made up; and one may label a preview while the other takes it back.
    faults: faults.filter(({ code }) => code !== 'commit-gone' && code !== 'record-missing'),
  };
}

test('whatever is recorded, labelled and cleared up where, and synced in whatever order: in the end everybody has all of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const clones = studio();
      const written: Written = { kept: new Set(), previews: new Set(), labels: new Set(), layout: undefined };
      for (const [at, one] of steps.entries()) await take(clones.get(one.who) as TestRepository, one, at, written);
      // Two rounds: the first brings everything to the hub, the second to everybody.
      for (const made of [...clones.values(), ...clones.values()]) await sync(captured(made.path).context, 'hub');
      const [first, second] = await Promise.all([...clones.values()].map(heldBy));
      expect(second).toEqual(first);
      const { kept, previews, labels, layout } = written;
      expect(first?.records.filter((id) => !previews.has(id))).toEqual([...kept].sort());
      expect(first?.labels).toEqual([...labels].sort());
      expect(first?.layout?.includes(String(layout))).toEqual(layout === undefined ? undefined : true);
      expect(first?.faults).toEqual([]);
    }),
    { numRuns },
  );
});
