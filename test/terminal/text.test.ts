import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { closest } from '../../src/terminal/closest.js';
import { safe, safeLine } from '../../src/terminal/safe.js';
import { table } from '../../src/terminal/table.js';
import { progressLine, talkOn } from '../../src/terminal/talk.js';
import { bytes, duration, plural } from '../../src/terminal/units.js';

test('escape sequences, C1 controls and direction marks are shown, not obeyed', () => {
  expect(safe('a\u001b[2Jb\u009bc\u202ed\re')).toBe('a\\u001b[2Jb\\u009bc\\u202ed\\u000de');
  expect(safe('kept: tab\tline\n日本語 é')).toBe('kept: tab\tline\n日本語 é');
  expect(safeLine('two\r\nlines')).toBe('two lines');
});

test('columns line up by characters, not by UTF-16 units', () => {
  expect(
    table([
      ['😀', 'x'],
      ['ab', 'y'],
    ]),
  ).toBe('😀   x\nab  y');
});

test('sizes and times read as people say them', () => {
  expect([bytes(999), bytes(6_460_000_000), bytes(12_300), bytes(1e15)]).toEqual([
    '999 bytes',
    '6.46 GB',
    '12.3 kB',
    '1000 TB',
  ]);
  expect([duration(120), duration(45_000), duration(125_000), duration(4_800_000)]).toEqual([
    '120 ms',
    '45 s',
    '2 min 05 s',
    '1 h 20 min',
  ]);
  expect([plural(1, 'picture'), plural(3, 'picture'), plural(2, 'entry', 'entries')]).toEqual([
    '1 picture',
    '3 pictures',
    '2 entries',
  ]);
});

test('progress says how much, how fast and how long still', () => {
  const step = { label: 'hashing a.safetensors', done: 1_000_000_000, total: 3_000_000_000, unit: 'bytes' } as const;
  expect(progressLine(step, 2_000)).toBe('hashing a.safetensors  1.00 GB of 3.00 GB  500 MB/s  4 s left');
  const part = { label: 'b.safetensors', done: 450, total: 999 };
  expect(progressLine({ ...step, shown: 'hashing (2 of 9 done)', part }, 2_000)).toBe(
    'hashing (2 of 9 done)  1.00 GB of 3.00 GB  500 MB/s  4 s left  b.safetensors 45%',
  );
  expect(progressLine({ label: 'KSampler', done: 3, total: 20, unit: 'count' }, 10)).toBe('KSampler  3 of 20');
  expect(progressLine({ label: 'Load Image', done: 0, unit: 'count' }, 10)).toBe('Load Image');
});

test('a pipe gets no redrawn lines, and nobody is asked there', async () => {
  const err = new PassThrough();
  const talk = talkOn(err, new PassThrough());
  talk.progress({ label: 'quick', done: 1, unit: 'count' });
  talk.say('done \u001b[31mred');
  talk.progress(undefined);
  expect(await talk.confirm('sure?')).toBe(false);
  expect(err.read().toString()).toBe('done \\u001b[31mred\n');
});

test('what goes to stdout of a terminal stands on a line of its own, and the progress comes back below it', () => {
  // Some terminals say that they have no column.
  const err = Object.assign(new PassThrough(), { isTTY: true, columns: 0 });
  const talk = talkOn(err, new PassThrough());
  const step = { label: 'watching 127.0.0.1:8188', done: 1, unit: 'count' } as const;
  talk.progress(step);
  talk.makeRoom();
  talk.progress(step);
  const line = '\r\u001b[Kwatching 127.0.0.1:8188  1';
  expect(err.read().toString()).toBe(`${line}\r\u001b[K${line}`);
});

test('a near miss is suggested, a far one is not', () => {
  expect(closest('comit', ['commit', 'compare'])).toBe('commit');
  expect(closest('banana', ['commit', 'compare'])).toBeUndefined();
});
