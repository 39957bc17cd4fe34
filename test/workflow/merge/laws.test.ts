import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeWorkflows } from '../../../src/workflow/merge/workflows.js';
import { normalise } from '../../../src/workflow/normal-form.js';
import { writeNormalText } from '../../../src/workflow/normal-text.js';
import { arbitraryEdit, soundWorkflow } from '../../support/arbitrary-edits.js';
import { arbitraryWorkflow } from '../../support/arbitrary-workflow.js';
import { brokenLaws } from '../../support/merge-laws.js';

test('two edits of one workflow unite as if made one after the other, in either order, or are a conflict', () => {
  const story = soundWorkflow.chain((base) => fc.tuple(fc.constant(base), arbitraryEdit(base), arbitraryEdit(base)));
  let united = 0;
  fc.assert(
    fc.property(story, ([base, first, second]) => {
      const laws = brokenLaws(base, first, second);
      if (laws.united) united++;
      expect(laws.broken, JSON.stringify([first, second])).toEqual([]);
    }),
    { numRuns: 500 },
  );
  // Otherwise the laws would say little.
  expect(united).toBeGreaterThan(350);
});

test('whatever stands in the files: a side that changed nothing changes nothing, and the result is in normal form', () => {
  const any = arbitraryWorkflow();
  const text = (workflow: Parameters<typeof normalise>[0]) => writeNormalText(normalise(workflow).normal);
  fc.assert(
    fc.property(any, any, any, (base, ours, theirs) => {
      expect(text(mergeWorkflows(base, base, theirs).workflow)).toBe(text(theirs));
      expect(text(mergeWorkflows(base, ours, base).workflow)).toBe(text(ours));
      for (const before of [base, undefined]) {
        const { workflow } = mergeWorkflows(before, ours, theirs);
        expect(text(workflow)).toBe(writeNormalText(workflow));
      }
    }),
    { numRuns: 150 },
  );
});
