import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../src/lineage/record.js';
import { readLine, recordId, writeRecord } from '../../src/lineage/record-line.js';

const golden = (name: string) => readFileSync(new URL(`../fixtures/lineage/${name}`, import.meta.url), 'utf8');

const record: RunRecord = {
  record: 1,
  commit: 'a'.repeat(40),
  workflow: { path: 'workflows/portrait.json', blob: 'b'.repeat(40) },
  lock: 'c'.repeat(40),
  match: 'derived',
  differs: ['3.steps'],
  outputs: [
    {
      name: 'ada/ComfyUI_00001_.png',
      sha256: '1'.repeat(64),
      pixels: '2'.repeat(64),
      width: 64,
      height: 48,
      bytes: 901,
      node: '9',
      index: 0,
    },
  ],
  seeds: { '3.seed': '18446744073709551615' },
  prompt: '448e0a4c-4d5b-4f0e-9e1c-1e6f9f5f2a11',
  start: '2026-11-21T11:50:00.000Z',
  duration: 1234,
  server: '127.0.0.1:8188',
  snapshot: '3'.repeat(64),
  state: '4'.repeat(64),
  captured: 'run',
  reproduces: '5'.repeat(64),
  grade: 'approximate',
  metrics: {
    comparable: true,
    equal: false,
    largest: 2,
    psnr: 51.25,
    ssim: 0.9987,
    worstTile: { ssim: 0.91, x: 0, y: 64 },
  },
  time: '2026-11-21T11:50:03.000Z',
};

test('record: 1 is frozen', () => {
  expect(`${writeRecord(record)}\n`).toBe(golden('record-1.jsonl'));
});

test('what is written is read back', () => {
  const entry = readLine(writeRecord(record));
  expect(entry).toMatchObject({ kind: 'record', value: record });
});

test('a line takes about 600 bytes for one output', () => {
  const { reproduces: _, metrics: __, grade: ___, differs: ____, ...plain } = record;
  expect(writeRecord({ ...plain, match: 'exact' }).length).toBeLessThan(1000);
});

test('the id is the SHA-256 of the canonical text, however the line was written', () => {
  const line = writeRecord(record);
  const loose = JSON.stringify(JSON.parse(line), null, 1).replaceAll('\n', ' ');
  expect(recordId(loose)).toBe(createHash('sha256').update(line).digest('hex'));
});

test('members of a later version stay in the text', () => {
  const line = writeRecord(record).replace('{', '{"aaa":18446744073709551615,');
  expect(readLine(line)).toMatchObject({ kind: 'record', text: line });
});

test.each([
  ['cut short', writeRecord(record).slice(0, 200), 'damaged'],
  ['of another program', '[1]', 'unknown'],
  ["somebody's own words", 'Reviewed by Ada', 'unknown'],
  ['a hash that is none', writeRecord(record).replace('1'.repeat(64), '/etc/passwd'), 'damaged'],
  ['a kind of another program', '{"thumbnail":1}', 'unknown'],
  ['a newer version', '{"record":2}', 'newer'],
  ['a kind named __proto__', '{"__proto__":1}', 'unknown'],
])('a line that is %s is named and skipped', (_, line, reason) => {
  expect(readLine(line)).toMatchObject({ kind: 'unreadable', reason });
});

test('the damaged member is named', () => {
  expect(readLine(writeRecord(record).replace('"bytes":901', '"bytes":-1'))).toMatchObject({
    why: 'its outputs.0.bytes is damaged',
  });
});

test('labels and tombstones are lines of their own', () => {
  const time = '2026-11-21T11:50:00.000Z';
  const label = writeRecord({ label: 1, name: 'approved', of: '1'.repeat(64), time });
  const tombstone = writeRecord({ tombstone: 1, of: recordId(label), time });
  expect(`${label}\n${tombstone}\n`).toBe(golden('label-1.jsonl'));
  expect([readLine(label).kind, readLine(tombstone).kind]).toEqual(['label', 'tombstone']);
});
