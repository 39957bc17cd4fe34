import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanBytes, isNormalForm, openBlob, smudgedText } from '../../src/workflow/clean.js';
import { type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';
import type { UntimedLayout } from '../../src/workflow/layout.js';
import { layoutBody, readLayout, writeLayout } from '../../src/workflow/layout-document.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { arbitraryWorkflow } from '../support/arbitrary-workflow.js';
import { graphFacts, layoutFacts } from '../support/workflow-facts.js';

const runs = { numRuns: 300 };

function clean(text: string) {
  const cleaned = cleanBytes(Buffer.from(text));
  if (cleaned.kind !== 'workflow') throw new Error(`went through: ${cleaned.warning}`);
  return { ...cleaned, text: cleaned.bytes.toString() };
}

function smudge(text: string, layout: UntimedLayout | undefined): string {
  const opened = openBlob(Buffer.from(text));
  if (opened.kind !== 'workflow') throw new Error('the normal form went through');
  return smudgedText(opened.normal, layout);
}

const parse = (text: string) => parseJson(text) as JsonObject;

test('normalising twice is normalising once', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), (workflow) => {
      const { text } = clean(writeJson(workflow));
      expect(clean(text).text).toBe(text);
    }),
    runs,
  );
});

test('the graph and every value are the same before and after', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), (workflow) => {
      expect(graphFacts(parse(clean(writeJson(workflow)).text))).toBe(graphFacts(workflow));
    }),
    runs,
  );
});

test('what is checked out cleans to the blob, with its own layout, with none and with a foreign one', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), arbitraryWorkflow(), (workflow, other) => {
      const { text, layout } = clean(writeJson(workflow));
      for (const one of [layout, undefined, normalise(other).layout]) expect(clean(smudge(text, one)).text).toBe(text);
    }),
    runs,
  );
});

test('its own layout puts everything back where it was', () => {
  fc.assert(
    fc.property(arbitraryWorkflow({ placed: true }), (workflow) => {
      const { text, layout } = clean(writeJson(workflow));
      expect(layoutFacts(parse(smudge(text, layout)))).toBe(layoutFacts(workflow));
    }),
    runs,
  );
});

describe('where the layout stays in the file', () => {
  const kept = (text: string) => {
    const cleaned = cleanBytes(Buffer.from(text), undefined, 'kept');
    return cleaned.kind === 'workflow' ? cleaned.bytes.toString() : undefined;
  };

  test('what is stored is stored again as it is, handed out as it is, and has the normal form of the file', () => {
    fc.assert(
      fc.property(arbitraryWorkflow(), (workflow) => {
        const text = writeJson(workflow);
        const stored = kept(text) ?? '';
        expect(kept(stored)).toBe(stored);
        expect(isNormalForm(Buffer.from(stored), 'kept')).toBe(true);
        const opened = openBlob(Buffer.from(stored));
        expect(opened.kind === 'through' ? stored : smudgedText(opened.normal, undefined)).toBe(stored);
        expect(clean(stored).text).toBe(clean(text).text);
      }),
      runs,
    );
  });

  test('everything stands where it stood', () => {
    fc.assert(
      fc.property(arbitraryWorkflow({ placed: true }), (workflow) => {
        expect(layoutFacts(parse(kept(writeJson(workflow)) ?? ''))).toBe(layoutFacts(workflow));
      }),
      runs,
    );
  });
});

test('a layout document reads back as it was written', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), (workflow) => {
      const { layout } = normalise(workflow);
      const text = writeLayout({ ...layout, time: '2026-01-02T03:04:05.678Z' });
      expect(layoutBody(readLayout(text))).toBe(layoutBody(layout));
      expect(writeLayout(readLayout(text))).toBe(text);
    }),
    runs,
  );
});

test('normalising leaves what it was given as it was', () => {
  fc.assert(
    fc.property(arbitraryWorkflow(), (workflow) => {
      const before = writeJson(workflow);
      normalise(workflow);
      expect(writeJson(workflow)).toBe(before);
    }),
    runs,
  );
});
