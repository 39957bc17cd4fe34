import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ComfyError } from '../../src/errors.js';
import { needsOf } from '../../src/lock/needs.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import type { Json, JsonObject } from '../../src/workflow/json.js';
import { arbitraryJson, arbitraryWorkflow } from '../support/arbitrary-workflow.js';

const name = fc.constantFrom(
  'a.safetensors',
  '../../up.safetensors',
  '/etc/passwd.bin',
  'C:\\x.ckpt',
  'sub\\..\\..\\b.gguf',
  '<lora:../../x:1>',
  'embedding:../y (embedding:/z:1.1)',
  'm-00001-of-00003.safetensors',
  '__proto__',
  'clip.png [input]',
  '..\\x.png [output]',
  'a\0b.pt',
);
const type = fc.constantFrom(
  'CheckpointLoaderSimple',
  'VAELoader',
  'LoadImage',
  'Mystery Loader',
  'workflow>G',
  'CLIPTextEncode',
);
const node = fc.record({
  type,
  values: fc.array(fc.oneof(name, arbitraryJson), { maxLength: 4 }),
  mode: fc.constantFrom(0, 2, 4),
});

const graphOf = (nodes: readonly { type: string; values: Json[]; mode: number }[], base: JsonObject): JsonObject =>
  new Map<string, Json>([
    ...base,
    [
      'nodes',
      nodes.map(
        ({ type: kind, values, mode }, id): Json =>
          new Map<string, Json>([
            ['id', id],
            ['type', kind],
            ['mode', mode],
            ['widgets_values', values],
            ['properties', new Map([['models', values]])],
          ]),
      ),
    ],
  ]);

test('whatever a workflow holds, what it needs stays inside of its folders', () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 8 }), arbitraryWorkflow(), (nodes, base) => {
      const read = attempt(graphOf(nodes, base));
      const keys = read === undefined ? [] : [...read.models.keys(), ...read.inputs];
      for (const key of keys) {
        const parts = key.replace(/ \[output\]$/, '').split('/');
        expect(parts).not.toContain('..');
        expect(key).not.toMatch(/^(?:\/|[A-Za-z]:)|\0|\\/);
      }
    }),
    { numRuns: 300 },
  );
});

/** Files that nobody can read are refused by name, and by nothing else. */
function attempt(json: JsonObject) {
  try {
    return needsOf(new Map([['w.json', readWorkflow(json)]]));
  } catch (error) {
    if (error instanceof ComfyError) return undefined;
    throw error;
  }
}
