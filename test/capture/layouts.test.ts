import { appendFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { damagedLayoutFiles } from '../../src/capture/damaged-layouts.js';
import { foldLayouts } from '../../src/capture/fold-layouts.js';
import { entriesOf, journalFolder } from '../../src/capture/layout-journal.js';
import { type LayoutName, layoutName, storePath } from '../../src/capture/layout-names.js';
import { openSources } from '../../src/capture/layout-sources.js';
import { findLayout, journalLayout } from '../../src/capture/layouts.js';
import { takenOut } from '../../src/capture/taken-out.js';
import type { Repository } from '../../src/git/repository.js';
import { listStore, putStore, readStore } from '../../src/git/store.js';
import { cleanBytes, openBlob, smudgedText } from '../../src/workflow/clean.js';
import type { Json, JsonObject } from '../../src/workflow/json.js';
import { toPlain } from '../../src/workflow/json.js';
import { layoutTime, writeLayout } from '../../src/workflow/layout-document.js';
import { makeRepository } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

const cleaned = (text: string) => {
  const found = cleanBytes(Buffer.from(text));
  if (found.kind !== 'workflow') throw new Error('no workflow');
  return found;
};

const nameOf = (blob: string, path = 'a.json') => layoutName(blob.repeat(40), path);
const at = (day: number) => () => new Date(`2026-01-0${day}T00:00:00.000Z`);

/** Takes a file's layout out, in a process of its own. */
async function take(repository: Repository, name: LayoutName, text: string, now = at(1)): Promise<void> {
  const sources = openSources(repository, now);
  await journalLayout(sources, { ...takenOut(cleaned(text)), name }, now);
  sources.close();
}

const find = async (repository: Repository, name: LayoutName, normal: JsonObject = cleaned(smallWorkflow()).normal) => {
  const sources = openSources(repository, at(1));
  const found = await findLayout(sources, name, normal);
  sources.close();
  return found && { ...found, x: (toPlain(found.layout.root.nodes.get('1')?.get('pos') as Json) as number[])[0] };
};

const journal = (repository: Repository) =>
  readdirSync(journalFolder(repository)).flatMap((file) => entriesOf(join(journalFolder(repository), file)));

describe('a layout that was taken out', () => {
  test('is not written a second time, in the journal or folded', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow());
    await take(repository, nameOf('a'), smallWorkflow(), at(2));
    expect(journal(repository)).toHaveLength(1);
    await foldLayouts(repository);
    await take(repository, nameOf('a'), smallWorkflow(), at(3));
    expect(journal(repository)).toHaveLength(0);
  });

  test('is newer than what it replaces, also where a clock was ahead', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 1 }), at(9));
    await take(repository, nameOf('a'), smallWorkflow({ x: 2 }), at(3));
    expect(await find(repository, nameOf('a'))).toMatchObject({ exact: true, x: 2 });
  });

  test('that a checkout borrowed from an earlier version keeps its time, so that the real one is newer', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 1 }), at(2));
    const earlier = await find(repository, nameOf('b'));
    expect(earlier?.exact).toBe(false);
    const opened = openBlob(cleaned(smallWorkflow({ steps: 5 })).bytes);
    if (opened.kind !== 'workflow') throw new Error('went through');
    await take(repository, nameOf('b'), smudgedText(opened.normal, earlier?.layout), at(5));
    expect((await find(repository, nameOf('b')))?.layout.time).toBe(at(2)().toISOString());
  });

  test('of several the newest is found: of blob and path, of the blob, of the path', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 1 }), at(1));
    await take(repository, nameOf('b'), smallWorkflow({ x: 2 }), at(2));
    await take(repository, nameOf('c', 'b.json'), smallWorkflow({ x: 3 }), at(3));
    expect(await find(repository, nameOf('a'))).toMatchObject({ exact: true, x: 1 });
    expect(await find(repository, nameOf('c'))).toMatchObject({ exact: true, x: 3 });
    expect(await find(repository, nameOf('d'))).toMatchObject({ exact: false, x: 2 });
    expect(await find(repository, nameOf('d', 'd.json'))).toBeUndefined();
  });

  test('that is damaged is passed over', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 1 }));
    const bytes = '{"layout":1,"time":"2027-01-01T00:00:00.000Z", broken';
    await putStore(repository, [{ path: storePath(nameOf('a')), bytes }]);
    expect(await find(repository, nameOf('a'))).toMatchObject({ x: 1 });
  });
});

describe('folding', () => {
  test('puts the newest of each into the store and empties the journal', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 1 }), at(1));
    await take(repository, nameOf('a'), smallWorkflow({ x: 2 }), at(2));
    await take(repository, nameOf('b'), smallWorkflow({ x: 3 }), at(1));
    expect(await foldLayouts(repository)).toBe(2);
    expect(await listStore(repository, 'layouts')).toHaveLength(2);
    expect(journal(repository)).toEqual([]);
    expect(await find(repository, nameOf('a'))).toMatchObject({ x: 2 });
    expect(await foldLayouts(repository)).toBe(0);
  });

  test('never puts an older one over a newer one', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 1 }), at(1));
    const newer = writeLayout({ ...cleaned(smallWorkflow({ x: 9 })).layout, time: at(8)().toISOString() });
    await putStore(repository, [{ path: storePath(nameOf('a')), bytes: newer }]);
    await foldLayouts(repository);
    const stored = await readStore(repository, storePath(nameOf('a')));
    expect(layoutTime(stored?.toString() ?? '')).toBe(at(8)().toISOString());
  });

  test('leaves what a filter is still writing, unless it has been abandoned', async () => {
    const repository = await makeRepository().open();
    const sources = openSources(repository, at(1));
    await journalLayout(sources, { ...takenOut(cleaned(smallWorkflow())), name: nameOf('a') }, at(1));
    expect(await foldLayouts(repository)).toBe(0);
    expect(await find(repository, nameOf('a'))).toMatchObject({ exact: true });
    const [file = ''] = readdirSync(journalFolder(repository));
    utimesSync(join(journalFolder(repository), file), new Date(0), new Date(0));
    expect(await foldLayouts(repository)).toBe(1);
  });

  test('a crash that tore the last entry costs that one alone', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 4 }));
    const [file = ''] = readdirSync(journalFolder(repository));
    appendFileSync(
      join(journalFolder(repository), file),
      `layout ${'b'.repeat(40)} ${'0'.repeat(64)} 500\n{"layout":1,`,
    );
    writeFileSync(join(journalFolder(repository), 'z.layouts'), 'nothing of ours');
    expect(journal(repository)).toHaveLength(1);
    expect(await find(repository, nameOf('a'))).toMatchObject({ x: 4 });
    expect(await foldLayouts(repository)).toBe(1);
    // Nothing is thrown away that nobody has read.
    expect(damagedLayoutFiles(journalFolder(repository))).toEqual([`${file}.damaged`, 'z.layouts.damaged']);
    expect(await foldLayouts(repository)).toBe(0);
    expect(damagedLayoutFiles(journalFolder(repository))).toHaveLength(2);
  });

  test('while a checkout is running, what it looks for is found in the store', async () => {
    const repository = await makeRepository().open();
    await take(repository, nameOf('a'), smallWorkflow({ x: 5 }));
    await take(repository, nameOf('b'), smallWorkflow({ x: 6 }));
    const sources = openSources(repository, at(1));
    await sources.exact(nameOf('c'));
    await foldLayouts(repository);
    expect(await sources.exact(nameOf('b'))).toHaveLength(1);
    sources.close();
  });
});
