import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, parseJson } from '../../src/workflow/json.js';
import { bodiesOf } from '../../src/workflow/merge/definitions.js';
import { readMergeGraphs } from '../../src/workflow/merge/read.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { arbitraryEdit } from '../support/arbitrary-edits.js';
import { nodesIn } from '../support/edits.js';
import { brokenLaws } from '../support/merge-laws.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');
const info = readObjectInfo(
  parseJson(gunzipSync(readFileSync(join(corpus, 'oracle/object_info-0.8.0.json.gz'))).toString('utf8')),
);
const files = ['workflows', 'pairs']
  .flatMap((folder) =>
    readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => name.endsWith('.json') && !name.endsWith('.prompt.json'));
const workflowOf = (name: string) => {
  const json = parseJson(readFileSync(join(corpus, name), 'utf8'));
  if (!isObject(json)) throw new Error(`${name} is no object`);
  return json;
};
/** The frontend's own prompt is known for these: all of their classes are in `info`. */
const isConvertible = (name: string) =>
  existsSync(join(corpus, 'oracle/1.58.1', name.replace(/\.json$/, '.prompt.json')));

/** Pairs of edits of each file. */
const pairs = Number(process.env['GIT_COMFY_MERGE_PAIRS'] ?? 4);

describe('merges of real workflows', () => {
  test('can be taken apart, nearly all of them', () => {
    const whole = files.filter((name) => {
      const bodies = bodiesOf(normalise(workflowOf(name)).normal);
      return (
        bodies !== undefined &&
        [...bodies.values()].every(
          (body) => readMergeGraphs({ base: body, ours: undefined, theirs: undefined }) !== undefined,
        )
      );
    });
    expect(whole.length / files.length).toBeGreaterThan(0.98);
  });

  test('two random edits of each unite as if made one after the other, or are a conflict', () => {
    const broken: string[] = [];
    let united = 0;
    let asked = 0;
    for (const [seed, name] of files.entries()) {
      const base = workflowOf(name);
      if (nodesIn(base).length === 0) continue;
      const edits = fc.sample(arbitraryEdit(base), { seed, numRuns: pairs * 2 });
      for (let at = 0; at + 1 < edits.length; at += 2) {
        const [first, second] = [edits[at], edits[at + 1]];
        if (first === undefined || second === undefined) continue;
        const laws = brokenLaws(base, first, second, isConvertible(name) ? info : undefined);
        asked++;
        if (laws.united) united++;
        if (laws.broken.length > 0)
          broken.push(`${name} ${JSON.stringify([first, second])}: ${laws.broken.join('; ')}`);
      }
    }
    console.log(`${asked} pairs of edits of ${files.length} files: ${united} united, ${asked - united} conflicts`);
    expect(broken).toEqual([]);
    expect(united / asked).toBeGreaterThan(0.85);
  });
});
