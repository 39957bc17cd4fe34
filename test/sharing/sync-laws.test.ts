import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addLineage } from '../../src/git/lineage-lines.js';
import { readNotes } from '../../src/git/notes.js';
import { listStore, putStore, readStore } from '../../src/git/store.js';
import { sync } from '../../src/sharing/sync.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository } from '../support/git.js';

const remotes = ['hub', 'other'] as const;
const names = ['a', 'b'] as const;
/** A run takes a second or two: more of them by hand, `LAW_RUNS=100`. */
const numRuns = Number(process.env['LAW_RUNS'] ?? 3);

/** What somebody does, in which clone: records a run (its line on one of two commits), saves a layout, or syncs with a remote. */
const step = fc.record({
  who: fc.constantFrom(...names),
  what: fc.oneof(
    fc.record({ record: fc.nat(7), commit: fc.constantFrom('1'.repeat(40), '2'.repeat(40)) }),
    fc.record({ layout: fc.nat(9) }),
    fc.record({ remote: fc.constantFrom(...remotes) }),
  ),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const layoutPath = 'layouts/ab/c/d.json';
const layoutText = (day: number) => `{"layout":1,"time":"2026-01-0${day}"}`;

/** Two bare repositories, three clones that know both. */
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

async function take(made: TestRepository, { who, what }: Step): Promise<void> {
  const repository = await made.open();
  if ('remote' in what) await sync(captured(made.path).context, what.remote);
  else if ('layout' in what) await putStore(repository, [{ path: layoutPath, bytes: layoutText(what.layout) }]);
  else {
    const text = `${who}${what.record}`;
    await putStore(repository, [{ path: `snapshots/aa/${text}.json`, bytes: text }]);
    await addLineage(repository, [{ commit: what.commit, line: text }]);
  }
}

/** What everybody has to have in the end. */
function union(steps: readonly Step[]) {
  const lines = new Map<string, Set<string>>();
  const layouts = steps.flatMap(({ what }) => ('layout' in what ? [what.layout] : []));
  for (const { who, what } of steps) {
    if ('record' in what) lines.set(what.commit, (lines.get(what.commit) ?? new Set()).add(`${who}${what.record}`));
  }
  const documents = [...new Set([...lines.values()].flatMap((texts) => [...texts]))].map(
    (text) => `snapshots/aa/${text}.json`,
  );
  const layout = layouts.length === 0 ? undefined : layoutText(Math.max(...layouts));
  return {
    notes: [...lines].map(([commit, texts]) => [commit, [...texts].sort()]).sort(),
    documents: [...documents, ...(layout === undefined ? [] : [layoutPath])].sort(),
    layout,
  };
}

async function heldBy(made: TestRepository) {
  const repository = await made.open();
  const notes = [...(await readNotes(repository))].map(([commit, texts]) => [commit, [...texts].sort()]);
  return {
    notes: notes.sort(),
    documents: (await listStore(repository, '')).sort(),
    layout: (await readStore(repository, layoutPath))?.toString('utf8'),
  };
}

test('whatever is recorded where and synced in whatever order, in the end everybody has all of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      const clones = studio();
      for (const one of steps) await take(clones.get(one.who) as TestRepository, one);
      // Two rounds: the first brings everything to the hub, the second to everybody.
      for (const made of [...clones.values(), ...clones.values()]) await sync(captured(made.path).context, 'hub');
      for (const made of clones.values()) expect(await heldBy(made)).toEqual(union(steps));
    }),
    { numRuns },
  );
});
