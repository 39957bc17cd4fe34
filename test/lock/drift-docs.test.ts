import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { driftRules } from '../../src/lock/drift-rules.js';

test('the docs have the table of differences as the code has it', () => {
  const text = readFileSync(new URL('../../docs/lock.md', import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| `([a-z]+-[a-z-]+)` \| (full|approximate|partial) \|/gm);
  expect(Object.fromEntries([...rows].map(([, code, grade]) => [code, grade]))).toEqual(driftRules);
});
