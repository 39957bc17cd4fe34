import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newClaims } from '../../src/capture/ahead/claims.js';
import { cleanThread } from '../../src/capture/ahead/clean-thread.js';
import { readInRow, rowsBelow } from '../../src/capture/ahead/file-row.js';
import { openReadAhead } from '../../src/capture/ahead/read-ahead.js';
import { takeOut } from '../../src/capture/taken-out.js';
import { program } from '../support/build.js';
import { temporaryFolder } from '../support/git.js';
import { smallWorkflow } from '../support/workflow.js';

/** A folder `w` with files of these names, each with steps of its own, and something else between them. */
function folderOf(...names: string[]): string {
  const top = temporaryFolder();
  mkdirSync(join(top, 'w'));
  for (const [steps, name] of names.entries()) writeFileSync(join(top, 'w', name), smallWorkflow({ steps }));
  writeFileSync(join(top, 'w', 'b.txt'), 'notes');
  return top;
}

const bytes = (steps: number) => Buffer.from(smallWorkflow({ steps }));

/** Asks for the first two, as git does, and then looks ahead. */
function afterTwo(top: string, first = 'w/a.json', second = 'w/b.json') {
  const ahead = openReadAhead(top);
  for (const [steps, path] of [first, second].entries()) {
    expect(ahead.take(path, bytes(steps))).toBeUndefined();
    ahead.prepare();
  }
  return ahead;
}

describe('the file that git asks for next', () => {
  test('is ready after two neighbours', () => {
    const ahead = afterTwo(folderOf('a.json', 'b.json', 'c.json'));
    expect(ahead.take('w/c.json', bytes(2))).toMatchObject({ kind: 'workflow', positioned: true });
  });

  test('goes by the bytes of the names', () => {
    const ahead = afterTwo(folderOf('10.json', '9.json', 'ä.json'), 'w/10.json', 'w/9.json');
    expect(ahead.take('w/ä.json', bytes(2))?.kind).toBe('workflow');
  });

  test('is made anew where it has changed since, or is another one', () => {
    const top = folderOf('a.json', 'b.json', 'c.json', 'd.json');
    expect(afterTwo(top).take('w/c.json', bytes(77))).toBeUndefined();
    expect(afterTwo(top).take('w/d.json', bytes(2))).toBeUndefined();
  });

  test('is not looked for after one file alone', () => {
    const ahead = openReadAhead(folderOf('a.json', 'b.json'));
    ahead.take('w/a.json', bytes(0));
    ahead.prepare();
    expect(ahead.take('w/b.json', bytes(1))).toBeUndefined();
  });

  test('is nothing that a link points to, a pipe, or a folder that is not there', () => {
    const top = folderOf('a.json', 'b.json');
    symlinkSync(join(top, 'w', 'a.json'), join(top, 'w', 'c.json'));
    expect(afterTwo(top).take('w/c.json', bytes(0))).toBeUndefined();
    const piped = folderOf('a.json', 'b.json');
    execFileSync('mkfifo', [join(piped, 'w', 'c.json')]);
    expect(afterTwo(piped).take('w/c.json', bytes(2))).toBeUndefined();
    expect(afterTwo(top, 'x/a.json', 'x/b.json').take('x/c.json', bytes(2))).toBeUndefined();
  });
});

/** What the built program starts as its second thread. */
const cleaner = join(dirname(program.script), 'clean-worker.cjs');

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `${String(index).padStart(3, '0')}.json`);

/** What of a result can be compared. */
const shown = (taken: ReturnType<typeof takeOut> | undefined) =>
  taken?.kind === 'workflow'
    ? [Buffer.from(taken.bytes).toString(), taken.body(), taken.positioned, taken.normal()]
    : taken;

/** A row of a new folder, what belongs to it, and its files as they would be made without help. */
function rowOf(...names: string[]) {
  const top = folderOf(...names);
  const row = rowsBelow(top)(`w/${names[0]}`)?.row;
  if (row === undefined) throw new Error('no row');
  const files = row.names.map((_, index) => readInRow(row, index) ?? Buffer.alloc(0));
  return { top, row, files, claims: newClaims(row.names.length) };
}

describe('the second thread', () => {
  test('makes of each file what this one would', async () => {
    const { row, files, claims } = rowOf(...numbered(12));
    writeFileSync(join(row.folder, '005.json'), '{"nodes": [');
    const thread = cleanThread(cleaner);
    thread.goOn(row, claims, 0);
    for (const [index, file] of files.entries()) {
      // The cells of the files are behind three others, and are told to whoever waits when they are settled.
      Atomics.wait(claims, 3 + index, 0);
      const made = thread.take(claims, index);
      const expected = index === 5 ? Buffer.from('{"nodes": [') : file;
      expect(Buffer.from(made?.file ?? '')).toEqual(expected);
      expect(shown(made?.made)).toEqual(shown(takeOut(expected)));
    }
    await thread.close();
  });

  test('goes no further than it is let, and takes up another row', async () => {
    const [first, second] = [rowOf(...numbered(40)), rowOf(...numbered(4))];
    const thread = cleanThread(cleaner);
    thread.goOn(first.row, first.claims, 2);
    Atomics.wait(first.claims, 3 + 17, 0);
    thread.take(first.claims, 17);
    expect([...first.claims.subarray(3)].map((state) => state > 0)).toEqual(
      numbered(40).map((_, index) => index >= 2 && index < 18),
    );
    thread.goOn(second.row, second.claims, 0);
    Atomics.wait(second.claims, 3 + 3, 0);
    expect(shown(thread.take(second.claims, 3)?.made)).toEqual(shown(takeOut(second.files[3] ?? Buffer.alloc(0))));
    expect(thread.take(first.claims, 3)).toBeUndefined();
    await thread.close();
  });

  test('that cannot be started, or dies, leaves the work to this one', async () => {
    const died = join(temporaryFolder(), 'dies.cjs');
    writeFileSync(
      died,
      "Atomics.store(require('worker_threads').workerData.task.claims, 3, 1); Atomics.notify(require('worker_threads').workerData.task.claims, 3);",
    );
    for (const gone of [died, join(temporaryFolder(), 'nothing.cjs')]) {
      const { row, claims } = rowOf(...numbered(8));
      const thread = cleanThread(gone);
      thread.goOn(row, claims, 0);
      if (gone === died) Atomics.wait(claims, 3, 0);
      expect(thread.take(claims, 0)).toBeUndefined();
      thread.goOn(row, claims, 1);
      await thread.close();
    }
  });
});

test('a whole folder, with both threads, is made as without any', async () => {
  const { top, row, files } = rowOf(...numbered(120));
  const ahead = openReadAhead(top, cleaner);
  let ready = 0;
  for (const [index, file] of files.entries()) {
    const made = ahead.take(`w/${row.names[index]}`, file);
    if (made !== undefined) ready++;
    expect(shown(made ?? takeOut(file))).toEqual(shown(takeOut(file)));
    ahead.prepare();
  }
  await ahead.close();
  expect(ready).toBe(118);
});

test('after files that git left out, only neighbours are looked for again', async () => {
  const { top, row, files } = rowOf(...numbered(60));
  const ahead = openReadAhead(top, cleaner);
  const ask = (index: number) => {
    const made = ahead.take(`w/${row.names[index]}`, files[index] ?? Buffer.alloc(0));
    ahead.prepare();
    return made !== undefined;
  };
  expect([0, 1, 2, 3, 4].map(ask)).toEqual([false, false, true, true, true]);
  expect([50, 51, 52, 30].map(ask)).toEqual([false, false, true, false]);
  await ahead.close();
});
