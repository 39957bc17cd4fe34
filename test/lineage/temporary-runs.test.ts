// What gc takes for previews, line by line, is what a look at everything at once says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatherLineage, type LineageLine } from '../../src/lineage/lineage.js';
import { joinRuns } from '../../src/lineage/query.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { gatherRuns, type Uses } from '../../src/lineage/temporary-runs.js';
import { digest, recordOf } from '../support/lineage-lines.js';

const uses: Uses = { inputs: new Set([digest(3)]), since: '2026-11-21T12:00:30.000Z' };

/** Of one number one line, so that others can name it. */
function lineOf(number: number): string {
  const { varies: _, ...record } = recordOf(number);
  const outputs = record.outputs.map((output) => ({ ...output, ...(number % 3 === 0 ? {} : { temp: true as const }) }));
  const named = number % 7 === 0 ? { varies: recordId(lineOf(number + 1)) } : {};
  return writeRecord({ ...record, ...named, outputs: number % 11 === 0 ? [] : outputs });
}

const said = { time: '2026-11-21T13:00:00.000Z' };
const label = (line: string) => writeRecord({ label: 1, name: 'best', of: recordId(line), ...said });
const tombstone = (line: string) => writeRecord({ tombstone: 1, of: recordId(line), ...said });
/** As another program would write it: it has the same id. */
const spaced = (line: string) => line.replaceAll(/,"/g, ', "');

const number = fc.nat(45);
const text = fc.oneof(
  { weight: 6, arbitrary: number.map(lineOf) },
  number.map((one) => spaced(lineOf(one))),
  number.map((one) => label(lineOf(one))),
  number.map((one) => tombstone(lineOf(one))),
  number.map((one) => tombstone(label(lineOf(one)))),
  number.map((one) => lineOf(one).slice(0, -9)),
);
const lines = fc.array(
  fc
    .tuple(text, fc.constantFrom(undefined, 'a', 'b'))
    .map(([one, commit]): LineageLine => ({ text: one, ...(commit === undefined ? {} : { commit }) })),
  { maxLength: 30 },
);

function previewsAtOnce(all: readonly LineageLine[]) {
  const { records, labels } = gatherLineage(all);
  const named = new Set([
    ...labels.map(({ label: { of } }) => of),
    ...records.flatMap(({ record }) => [record.cachedFrom, record.reproduces, record.varies]),
  ]);
  const runs = joinRuns(records).filter(({ best, others }) => {
    const run = [best, ...others];
    return (
      (best.record.start ?? best.record.time) < uses.since &&
      run.every(({ record: { outputs } }) => outputs.length > 0 && outputs.every(({ temp }) => temp === true)) &&
      !run.some((line) => named.has(recordId(line.text))) &&
      !run.some(({ record }) => record.outputs.some(({ sha256 }) => uses.inputs.has(sha256)))
    );
  });
  const states = new Set(records.flatMap(({ record }) => record.state ?? []));
  return { found: runs.flatMap(({ best, others }) => [best, ...others]), states };
}

async function* oneByOne(all: readonly LineageLine[]): AsyncGenerator<LineageLine> {
  yield* all;
}

test('runs that left only temporary files', async () => {
  await fc.assert(
    fc.asyncProperty(lines, async (all) => {
      const runs = await gatherRuns(oneByOne(all));
      const { found, states } = previewsAtOnce(all);
      expect(runs.temporary(uses)).toEqual(found);
      expect(runs.states).toEqual(states);
    }),
    { numRuns: 500 },
  );
});
