import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWorkflow } from '../../src/workflow/graph.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { compareForMatch } from '../../src/workflow/match.js';
import { comparePrompts } from '../../src/workflow/match-prompt.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { unseededDigest } from '../../src/workflow/unseeded-digest.js';
import { promptText, workflowText } from '../support/run-facts.js';

const settings = fc.record({
  seed: fc.constantFrom('7', '8', '18446744073709551615'),
  steps: fc.constantFrom(20, 30),
  text: fc.constantFrom('a cat', 'a red fox'),
  control: fc.constantFrom('randomize', 'increment', 'fixed'),
});

const isSame = (match: unknown) => match === 'exact' || match === 'seeds';

test('workflows have one digest where they are equal but for seeds, and of one control no others have', () => {
  fc.assert(
    fc.property(settings, settings, (a, b) => {
      const [one, other] = [a, b].map((each) => readWorkflow(parseJson(workflowText(each))));
      if (one === undefined || other === undefined) throw new Error('nothing was read');
      const equal = unseededDigest(one) === unseededDigest(other);
      expect(equal).toBe(isSame(compareForMatch(one, other)));
    }),
  );
});

test('prompts likewise', () => {
  fc.assert(
    fc.property(settings, settings, (a, b) => {
      const [one, other] = [a, b].map((each) => readPrompt(parseJson(promptText(each))));
      if (one === undefined || other === undefined) throw new Error('nothing was read');
      expect(unseededDigest(one) === unseededDigest(other)).toBe(isSame(comparePrompts(one, other)));
    }),
  );
});

test('a workflow as it was embedded and its normal form have one', () => {
  const json = parseJson(workflowText()) as JsonObject;
  expect(unseededDigest(readWorkflow(normalise(json).normal))).toBe(unseededDigest(readWorkflow(json)));
});

test.each([
  ['an instance of a subgraph, whose control is inside', '7', '8', true],
  ['a value that is no number', '"a"', '"b"', false],
])('%s', (_, before, after, same) => {
  const inner = '{"id":1,"type":"KSampler","widgets_values":[7,"randomize",20]}';
  const definition = `{"id":"d-1","name":"Inner","nodes":[${inner}],"links":[],"inputs":[],"outputs":[]}`;
  const workflow = (value: string) =>
    readWorkflow(
      parseJson(
        `{"nodes":[{"id":1,"type":"d-1","widgets_values":[${value}]}],"links":[],"definitions":{"subgraphs":[${definition}]}}`,
      ),
    );
  expect(unseededDigest(workflow(before)) === unseededDigest(workflow(after))).toBe(same);
});
