// Laws of the diff over files that nobody would save, and that a file can hold.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { diffMarkdown } from '../../src/terminal/diff-markdown.js';
import { diffText } from '../../src/terminal/diff-text.js';
import { diffPage } from '../../src/terminal/page/diff-page.js';
import { painter } from '../../src/terminal/paint.js';
import { applyLayout } from '../../src/workflow/apply-layout.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { compareDrawings } from '../../src/workflow/drawing/compare-drawings.js';
import { readWorkflow, type Workflow } from '../../src/workflow/graph.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { arbitraryWorkflow } from '../support/arbitrary-workflow.js';

/** `undefined` where the file is too damaged to be read at all. */
function read(json: JsonObject): Workflow | undefined {
  try {
    return readWorkflow(json);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const runs = { numRuns: 400 };

test('a workflow does not differ from itself, nor from its normal form', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), (json) => {
      const [file, normal] = [read(json), read(normalise(json).normal)];
      if (file === undefined || normal === undefined) return;
      expect(diffWorkflows(file, file).map(changeText)).toEqual([]);
      expect(diffWorkflows(file, normal).map(changeText)).toEqual([]);
    }),
    runs,
  );
});

test('whatever two files hold, they are told and drawn, and nothing in them becomes markup or an escape', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), arbitraryWorkflow(), (a, b) => {
      const [before, after] = [read(a), read(b)];
      if (before === undefined || after === undefined) return;
      const changes = diffWorkflows(before, after);
      const file = { path: 'a.json', status: 'changed', changes } as const;
      const text = diffText([file], { paint: painter(false), color: false, width: 60 });
      expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
      expect(diffMarkdown([file]).split('\n').length).toBeLessThanOrEqual(changes.length + 6);
      const drawings = compareDrawings(dressed(a), dressed(b), changes);
      const page = diffPage([{ file, drawings }]);
      expect(coordinates(page)).not.toMatch(/NaN|Infinity|undefined/);
    }),
    runs,
  );
});

const dressed = (json: JsonObject) => applyLayout(normalise(json).normal, normalise(json).layout);

/** All numbers that a drawing is made of. */
const coordinates = (page: string) =>
  [...page.matchAll(/ (?:x|y|cx|cy|width|height|d|viewBox)="([^"]*)"/g)].map(([, value]) => value).join(' ');

test('links that share an id and a slot stay in file order: a workflow does not differ from its normal form', () => {
  const links = '[[8,1,0,"4",1,"MODEL"],[7,1,0,"4",1,"MODEL"],[7,1,1,1,0,"MODEL"]]';
  const node = '{"id":1,"type":"KSampler","inputs":[{"name":"model","type":"MODEL","link":7}]}';
  const json = parseJson(`{"version":0.4,"nodes":[${node}],"links":${links}}`) as JsonObject;
  const [file, normal] = [read(json), read(normalise(json).normal)] as [Workflow, Workflow];
  expect(diffWorkflows(file, normal)).toEqual([]);
});
