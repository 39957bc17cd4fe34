import { expect, test } from 'vitest';
import { dependenciesOf } from '../../src/lineage/intoto/dependencies.js';
import { statementOf, writeStatement } from '../../src/lineage/intoto/statement.js';
import type { RunRecord } from '../../src/lineage/record.js';
import type { State } from '../../src/lineage/state.js';
import type { PackEntry } from '../../src/lock/entries.js';
import { statementSchema } from '../support/provenance-schema.js';

const hex = (digit: string) => digit.repeat(64);

const record: RunRecord = {
  record: 1,
  match: 'uncommitted',
  outputs: [{ name: 'a.png', sha256: hex('a'), bytes: 1, node: '9', index: 0 }],
  seeds: { '3.seed': '18446744073709551615' },
  snapshot: hex('b'),
  captured: 'embedded',
  start: '2026-10-31T23:59:59.900Z',
  duration: 1234,
  time: '2026-11-01T00:00:00.000Z',
};

const stateWith = (packs: Record<string, PackEntry>): State => ({
  state: 1,
  environment: { torch: '2.9.1', python: '3.11', notCaptured: { driver: 'no capture pack' } },
  packs: new Map(Object.entries(packs)),
  models: new Map([['loras/a.safetensors', { digest: 'unhashed' }]]),
  inputs: new Map([['a.png', { digest: 'missing' }]]),
  classes: new Map(),
});

test('a run of which nothing was observed says so, and is a statement all the same', () => {
  const statement = statementOf({ id: hex('c'), record });
  statementSchema.parse(statement);
  expect(statement.predicate.buildDefinition).toMatchObject({
    resolvedDependencies: [],
    gitcomfy_notCaptured: { state: 'nothing was observed at the run' },
    externalParameters: { seeds: { '3.seed': '18446744073709551615' } },
  });
  expect(statement.predicate.runDetails.metadata).toEqual({
    invocationId: hex('c'),
    startedOn: '2026-10-31T23:59:59Z',
    finishedOn: '2026-11-01T00:00:01Z',
  });
});

test('what was not captured is no dependency, and is named with the reason', () => {
  const state = stateWith({ Gone: { missing: true }, Odd: { notCaptured: 'its index is damaged' }, Loose: {} });
  const { resolved, notCaptured } = dependenciesOf(record, state);
  expect(resolved).toEqual([]);
  expect(notCaptured).toEqual({
    'custom_nodes/Gone': 'it was not installed',
    'custom_nodes/Odd': 'its index is damaged',
    'custom_nodes/Loose': 'nothing says its version',
    'models/loras/a.safetensors': 'it was unhashed',
    'input/a.png': 'it was missing',
  });
  statementSchema.parse(statementOf({ id: hex('c'), record, state }));
});

test.each<[PackEntry, string]>([
  [{ repository: 'https://github.com/l/a', commit: '1'.repeat(40) }, `git+https://github.com/l/a@${'1'.repeat(40)}`],
  [{ repository: 'git@host.example:l/a.git' }, 'git+ssh://git@host.example/l/a.git'],
  [{ repository: 'git+ssh://git@host.example/l/a' }, 'git+ssh://git@host.example/l/a'],
  [{ registry: '@scope/a b@1.0.0' }, 'pkg:generic/comfyui-registry/%40scope%2Fa%20b@1.0.0'],
])('a pack %j is %s', (entry, uri) => {
  const state = stateWith({ a: entry });
  expect(dependenciesOf(record, state).resolved).toMatchObject([{ name: 'custom_nodes/a', uri }]);
  statementSchema.parse(statementOf({ id: hex('c'), record, state }));
});

test('the order in which things were observed does not show', () => {
  const [a, b] = [{ commit: '1'.repeat(40) }, { commit: '2'.repeat(40) }];
  const text = (packs: Record<string, PackEntry>) =>
    writeStatement({ id: hex('c'), record: { ...record, seeds: { b: '1', a: '2' } }, state: stateWith(packs) });
  expect(text({ a, b })).toBe(text({ b, a }));
});
