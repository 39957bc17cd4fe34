import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { isObject, type JsonObject, parseJson } from '../../src/workflow/json.js';
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
    expect(
      words(
        workflow,
        renumbered(workflow, (id) => id + 1),
      ),
    ).toEqual([]);
    expect(
      words(
        workflow,
        renumbered(workflow, (id) => 100_000 - id),
      ),
    ).toEqual([]);
  });
});
