import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReadAhead } from '../../src/capture/ahead/read-ahead.js';
import { type TakenOrThrough, takeOut } from '../../src/capture/taken-out.js';
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

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `${String(index).padStart(3, '0')}.json`);

/** What of a result can be compared. */
const shown = (taken: TakenOrThrough | undefined) =>
  taken?.kind === 'workflow'
    ? [Buffer.from(taken.bytes).toString(), taken.body(), taken.positioned, taken.normal()]
    : taken;

describe('a whole folder', () => {
  test('is made as without looking ahead', () => {
    const top = folderOf(...numbered(40));
    writeFileSync(join(top, 'w', '005.json'), '{"nodes": [');
    const ahead = openReadAhead(top);
    const ready = numbered(40).filter((name, steps) => {
      const file = steps === 5 ? Buffer.from('{"nodes": [') : bytes(steps);
      const made = ahead.take(`w/${name}`, file);
      expect(shown(made ?? takeOut(file))).toEqual(shown(takeOut(file)));
      ahead.prepare();
      return made !== undefined;
    });
    expect(ready).toEqual(numbered(40).slice(2));
  });

  test('of which git leaves files out is looked at again once it asks for neighbours', () => {
    const ahead = openReadAhead(folderOf(...numbered(60)));
    const ask = (index: number) => {
      const made = ahead.take(`w/${numbered(60)[index]}`, bytes(index));
      ahead.prepare();
      return made !== undefined;
    };
    expect([0, 1, 2, 3, 4].map(ask)).toEqual([false, false, true, true, true]);
    expect([50, 51, 52, 30].map(ask)).toEqual([false, false, true, false]);
  });
});
