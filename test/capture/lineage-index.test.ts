import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineageAbout } from '../../src/capture/lineage-about.js';
import { journalDraft } from '../../src/capture/lineage-journal.js';
import { readKin } from '../../src/capture/read-kin.js';
import { readLineageLines } from '../../src/capture/read-lineage.js';
import { runsAt } from '../../src/capture/runs-at.js';
import { addNoteLines, notesRef } from '../../src/git/notes.js';
import type { Repository } from '../../src/git/repository.js';
import { putStore } from '../../src/git/store.js';
import { readState } from '../../src/lineage/documents.js';
import { kinshipOf } from '../../src/lineage/kinship.js';
import { gatherLineage, type Lineage } from '../../src/lineage/lineage.js';
import { type PlacedRuns, placeRuns } from '../../src/lineage/placed-runs.js';
import { answer, type Question } from '../../src/lineage/question.js';
import { recordId } from '../../src/lineage/record-line.js';
import { shownRuns } from '../../src/sharing/made-at.js';
import { makeRepository, type TestRepository } from '../support/git.js';
import {
  digest,
  labelLine,
  recordLine,
  recordOf,
  spacedLine,
  states,
  tombstoneLine,
} from '../support/lineage-lines.js';

const questions: readonly Question[] = [
  ...[0, 1, 4].map((file) => ({ files: [digest(file)] })),
  { files: ['0'] },
  { files: [digest(2).slice(0, 9)], prompts: ['prompt 1'] },
  { pixels: [digest(1)], identities: [digest(3)] },
  { commits: [digest(1, 40)] },
  { commits: ['c'.repeat(40)], normals: [digest(1, 40)] },
  { records: [recordId(recordLine(5)), recordId(recordLine(9))] },
  { records: [recordId(recordLine(4)).slice(0, 6), recordId(recordLine(8)).slice(0, 10)] },
  { madeFrom: [digest(0)] },
  { waiting: true },
  {},
];

/** What counts of an answer; the order of lines is nobody's business. */
const comparable = ({ records, labels, skipped }: Lineage) => ({
  records: records.map(({ text, commits }) => `${text} ${[...new Set(commits)].sort()}`).sort(),
  labels: labels.map(({ text }) => text).sort(),
  skipped: whys(skipped),
});

const whys = (skipped: Lineage['skipped']) => skipped.map(({ why, commit }) => `${commit} ${why}`).sort();

const inputs = new Map(states.map(({ id, text }) => [id, readState(text).inputs]));

/** Of commits that records name, and of notes that lines were copied to. */
const commitSets: readonly ReadonlySet<string>[] = [
  [],
  [digest(1, 40)],
  ['c'.repeat(40)],
  ['a'.repeat(40), 'b'.repeat(40), digest(2, 40)],
].map((commits) => new Set(commits));

const placed = ({ at, waiting, elsewhere, skipped }: PlacedRuns) => ({
  at: Object.fromEntries([...at].map(([commit, runs]) => [commit, shownRuns(runs)])),
  waiting: shownRuns(waiting),
  elsewhere,
  skipped: whys(skipped),
});

/** By the index, in a repository object of its own as another process would have it, and by reading everything. */
async function expectSame(made: TestRepository): Promise<void> {
  const repository = await made.open();
  const lines = await readLineageLines(repository);
  for (const question of questions) {
    expect(comparable(await lineageAbout(repository, question))).toEqual(comparable(answer(lines, question)));
  }
  for (const commits of commitSets) {
    expect(placed(await runsAt(repository, commits))).toEqual(placed(placeRuns(gatherLineage(lines), commits)));
  }
  const { records, skipped } = gatherLineage(lines);
  for (const file of [0, 1, 4, 9].map((one) => digest(one))) {
    const kin = await readKin(repository, file);
    expect(kinshipOf(file, kin.records, inputs)).toEqual(kinshipOf(file, records, inputs));
    expect(whys(kin.skipped)).toEqual(whys(skipped));
    for (const [id, known] of kin.states) expect(known).toEqual(inputs.get(id));
  }
}

async function withStates() {
  const made = makeRepository();
  const repository = await made.open();
  await putStore(
    repository,
    states.map(({ path, text }) => ({ path, bytes: text })),
  );
  return { made, repository };
}

const cacheOf = ({ commonDir }: Repository) => join(commonDir, 'comfy', 'cache', 'lineage.index');
const noteOn = (letter: string) => letter.repeat(40);

type Step = (made: TestRepository, repository: Repository) => Promise<void> | void;

const number = fc.integer({ min: 0, max: 40 });
const note = fc.constantFrom(...'abc').map(noteOn);

const lines = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: number.map(recordLine) },
    number.map(spacedLine),
    fc.tuple(number, fc.constantFrom('client', 'best')).map(([of, name]) => labelLine(of, name)),
    number.map((of) => tombstoneLine(recordLine(of))),
    number.map((of) => tombstoneLine(labelLine(of, 'best'))),
    number.map((of) => recordLine(of).slice(0, -9)),
    fc.constant('somebody else wrote this'),
  ),
  { minLength: 1, maxLength: 12 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(note, lines).map(([commit, added]): Step => add(commit, added)) },
  fc.tuple(note, note).map(([from, to]): Step => copy(from, to)),
  note.map((commit): Step => drop(commit)),
  fc.tuple(note, lines).map(([commit, moved]): Step => move(commit, moved)),
  number.map((one): Step => wait(one)),
  fc.constant<Step>(rewriteRef),
  fc.constant<Step>((_, repository) => rmSync(cacheOf(repository), { force: true })),
);

const add =
  (commit: string, added: readonly string[]): Step =>
  (_, repository) =>
    addNoteLines(
      repository,
      added.map((line) => ({ commit, line })),
    );

const notes = (made: TestRepository, ...args: string[]) => made.git('notes', '--ref', notesRef, ...args);
const hasNote = (made: TestRepository, commit: string) => notes(made, 'list').includes(commit);

/** As git does after a rebase. */
const copy =
  (from: string, to: string): Step =>
  async (made, repository) => {
    if (!hasNote(made, from) || from === to) return;
    const text = made.git(
      'cat-file',
      'blob',
      notes(made, 'list')
        .split('\n')
        .find((one) => one.includes(from))
        ?.split(' ')[0] ?? '',
    );
    await addNoteLines(
      repository,
      text.split('\n').map((line) => ({ commit: to, line })),
    );
  };

const drop =
  (commit: string): Step =>
  (made) => {
    if (hasNote(made, commit)) notes(made, 'remove', '--ignore-missing', commit);
  };

const move =
  (commit: string, moved: readonly string[]): Step =>
  (_, repository) =>
    putStore(repository, [{ path: `lineage/${commit}/${digest(moved.length)}.jsonl`, bytes: `${moved.join('\n')}\n` }]);

const wait =
  (one: number): Step =>
  async (_, repository) => {
    await journalDraft(repository, { record: recordOf(one), snapshot: '{}' });
  };

/** Another history with the same notes. */
function rewriteRef(made: TestRepository): void {
  if (made.git('for-each-ref', notesRef) === '') return;
  const root = made.git('commit-tree', '-m', 'rewritten', `${notesRef}^{tree}`);
  made.git('update-ref', notesRef, root);
}

const labelTakenBack = [
  add(noteOn('a'), [recordLine(5), labelLine(5, 'best')]),
  add(noteOn('b'), [tombstoneLine(labelLine(5, 'best'))]),
];

/** Both are lines of one run; without the second it waits. */
const betterLineTakenBack = [
  add(noteOn('a'), [recordLine(31), recordLine(13)]),
  add(noteOn('b'), [tombstoneLine(recordLine(13))]),
];

/** The run has no line in the notes yet. */
const labelOnWaiting = [wait(4), add(noteOn('a'), [labelLine(4, 'client')])];

test('the index answers as a look at everything does, whatever came and went', { timeout: 120_000 }, async () => {
  const history = fc.array(step, { minLength: 3, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const { made, repository } = await withStates();
      for (const one of steps) {
        await one(made, repository);
        await expectSame(made);
      }
    }),
    { numRuns: 8, examples: [[labelTakenBack], [betterLineTakenBack], [labelOnWaiting]] },
  );
});

test('a damaged cache is as good as none', async () => {
  const { made, repository } = await withStates();
  await addNoteLines(
    repository,
    Array.from({ length: 30 }, (_, at) => ({ commit: noteOn('a'), line: recordLine(at) })),
  );
  await expectSame(made);
  const path = cacheOf(repository);
  const whole = readFileSync(path);
  for (let at = 3; at < whole.length; at += Math.ceil(whole.length / 9)) {
    const torn = Buffer.from(whole);
    torn[at] = (torn[at] ?? 0) ^ 0x55;
    writeFileSync(path, torn);
    await expectSame(made);
  }
  for (const length of [0, 10, whole.length - 1]) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    await expectSame(made);
  }
  writeFileSync(path, 'another program wrote this\n');
  await expectSame(made);
});

test('two that make the index at once both answer, and leave one whole file', async () => {
  const { made, repository } = await withStates();
  const all = Array.from({ length: 200 }, (_, at) => ({ commit: noteOn('abc'[at % 3] ?? 'a'), line: recordLine(at) }));
  for (const added of [all.slice(0, 100), all.slice(100)]) {
    await addNoteLines(repository, added);
    await Promise.all([expectSame(made), expectSame(made), expectSame(made)]);
  }
  expect(readdirSync(join(repository.commonDir, 'comfy', 'cache'))).toEqual(['lineage.index']);
});

test('what has not changed is not read again', async () => {
  const { made, repository } = await withStates();
  const some = (commit: string, from: number) =>
    Array.from({ length: 20 }, (_, at) => ({ commit, line: recordLine(from + at) }));
  await addNoteLines(repository, some(noteOn('a'), 0));
  const blob = made.git('rev-parse', `${notesRef}:aa/${'a'.repeat(38)}`);
  await lineageAbout(await made.open(), { waiting: true });
  await addNoteLines(repository, some(noteOn('b'), 20));
  // Whoever would read this note now would not find it.
  rmSync(join(repository.commonDir, 'objects', blob.slice(0, 2), blob.slice(2)));
  const { records } = await lineageAbout(await made.open(), { prompts: ['prompt 1'] });
  expect(records).not.toEqual([]);
});
