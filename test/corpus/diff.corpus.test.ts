import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describe as describeWorkflow } from '../../src/workflow/describe.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../../src/workflow/json.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { renumbered } from '../support/renumber.js';

const folder = join(process.env['GIT_COMFY_CORPUS'] ?? '../shared/corpus', 'workflows');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));

function load(file: string): JsonObject {
  const json = parseJson(readFileSync(join(folder, file), 'utf8'));
  if (!isObject(json)) throw new Error(`${file} holds no object`);
  return json;
}

const words = (before: JsonObject, after: JsonObject) =>
  diffWorkflows(readWorkflow(before), readWorkflow(after)).map(changeText);

describe('nothing changed', () => {
  test.each(files)('%s in normal form, with other ids', (file) => {
    const workflow = load(file);
    expect(words(workflow, normalise(workflow).normal)).toEqual([]);
    for (const id of [(old: number) => old + 1, (old: number) => 100_000 - old]) {
      const turned = words(workflow, renumbered(workflow, id));
      // Of nodes that only the app mode's list tells apart any may be taken for the other.
      expect(turned.filter((line) => !line.startsWith('workflow: extra.linearData'))).toEqual([]);
    }
  });
});

describe('one edit', () => {
  test.each(files)('%s: another value is one change, and one line for git', (file) => {
    const workflow = load(file);
    const after = withOtherValue(workflow);
    if (after === undefined) return;
    expect(words(workflow, after)).toHaveLength(1);
    const [old, fresh] = [workflow, after].map((each) => describeWorkflow(readWorkflow(each))) as [string[], string[]];
    const [was, is] = [new Set(old), new Set(fresh)];
    expect(fresh.filter((line) => !was.has(line))).toHaveLength(1);
    expect(old.filter((line) => !is.has(line))).toHaveLength(1);
  });
});

/** The first text or number of the file is another one. */
function withOtherValue(workflow: JsonObject): JsonObject | undefined {
  const nodes = workflow.get('nodes');
  for (const [at, node] of (isArray(nodes) ? nodes : []).entries()) {
    const values = isObject(node) ? node.get('widgets_values') : undefined;
    if (!isObject(node) || !isArray(values) || node.has('widgets_values_named')) continue;
    const place = values.findIndex((value) => typeof value === 'number' || typeof value === 'string');
    if (place < 0) continue;
    const other = new Map(node).set('widgets_values', values.with(place, 'something else'));
    return new Map(workflow).set('nodes', (nodes as Json[]).with(at, other));
  }
  return undefined;
}
