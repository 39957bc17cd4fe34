// What only damaged files hold: found by `npm run fuzz`.
import { expect, test } from 'vitest';
import { cleanBytes, smudgedText } from '../../src/workflow/clean.js';
import { compareIds, uniqueKeys } from '../../src/workflow/graphs.js';
import { type Json, parseJson, writeJson } from '../../src/workflow/json.js';

test('copies of a name get marks, thousands of copies numbers', () => {
  expect(uniqueKeys(['a', 'a', "a'", 'a', 'b'])).toEqual(['a', "a'", "a''", "a'''", 'b']);
  const many = uniqueKeys(Array.from({ length: 20_000 }, () => 'a'));
  expect(new Set(many).size).toBe(20_000);
  expect(many.join('').length).toBeLessThan(200_000);
});

test('a list of nodes of a subgraph that holds anything else stays as it is', () => {
  const file =
    '{"last_node_id":1,"version":0.4,"nodes":[],"links":[],"definitions":{"subgraphs":[{"id":"a","nodes":[null,{"id":1,"type":"Note","pos":[1,2]}],"links":[]}]}}';
  const cleaned = cleanBytes(Buffer.from(file));
  if (cleaned.kind !== 'workflow') throw new Error('no workflow');
  const nodes = (text: string) => JSON.parse(text).definitions.subgraphs[0].nodes;
  expect(nodes(cleaned.bytes.toString('utf8'))).toEqual([null, { id: 1, type: 'Note', pos: [1, 2] }]);
  expect(nodes(smudgedText(cleaned.normal, cleaned.layout))).toEqual([null, { id: 1, type: 'Note', pos: [1, 2] }]);
});

test('ids that cannot be compared as numbers have an order all the same', () => {
  const ids = ['1', 'NaN', '3', '1e999', '2', '"x"', '10'].map((text) => parseJson(text));
  const sorted = (list: readonly Json[]) => list.toSorted(compareIds).map((id) => writeJson(id));
  expect(sorted(ids)).toEqual(['1', '2', '3', '10', '"x"', '1e999', 'NaN']);
  expect(sorted(ids.toReversed())).toEqual(sorted(ids));
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
