// What only damaged files hold: found by `npm run fuzz`.
import { expect, test } from 'vitest';
import { cleanBytes, smudgedText } from '../../src/workflow/clean.js';
import { uniqueKeys } from '../../src/workflow/graphs.js';

test('copies of a name get marks, thousands of copies numbers', () => {
  expect(uniqueKeys(['a', 'a', "a'", 'a', 'b'])).toEqual(['a', "a'", "a''", "a'''", 'b']);
  const many = uniqueKeys(Array.from({ length: 20_000 }, () => 'a'));
  expect(new Set(many).size).toBe(20_000);
  expect(many.join('').length).toBeLessThan(200_000);
});

test('a list of groups that holds anything else stays as it is', () => {
  const file =
    '{"last_node_id":1,"version":0.4,"nodes":[{"id":1,"type":"Note"}],"links":[],"groups":[null,{"title":"a","bounding":[1,2,3,4]}]}';
  const cleaned = cleanBytes(Buffer.from(file));
  if (cleaned.kind !== 'workflow') throw new Error('no workflow');
  const groups = [null, { title: 'a', bounding: [1, 2, 3, 4] }];
  expect(JSON.parse(cleaned.bytes.toString('utf8')).groups).toEqual(groups);
  expect(JSON.parse(smudgedText(cleaned.normal, cleaned.layout)).groups).toEqual(groups);
});
