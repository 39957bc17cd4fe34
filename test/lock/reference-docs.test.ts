import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownInputs } from '../../src/workflow/input-references.js';
import { coreModelInputs, noFiles } from '../../src/workflow/model-inputs.js';
import { packModelInputs } from '../../src/workflow/pack-model-inputs.js';

const docs = readFileSync(new URL('../../docs/lock.md', import.meta.url), 'utf8');

/** Cells of the table that follows a heading. */
function rowsBelow(heading: string): string[][] {
  const [, below = ''] = docs.split(`\n${heading}\n`);
  const table = below.slice(0, below.indexOf('\n\n', below.indexOf('\n|') + 1));
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
}

const coded = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

test("the docs have the inputs of ComfyUI's loaders as the code has them", () => {
  const rows = coreModelInputs.map(({ classes, input, folder }) => [coded(classes), coded([input]), coded([folder])]);
  expect(rowsBelow("### ComfyUI's own loaders")).toEqual(rows);
});

test('and those of packs', () => {
  const rows = packModelInputs.map(({ classes, inputs, folder }) => [
    coded(classes),
    inputs[0] === '*' ? 'all' : coded(inputs),
    coded([folder]),
  ]);
  expect(rowsBelow('### Loaders of packs')).toEqual(rows);
});

test('and the inputs that name a file of the input folder', () => {
  const found = rowsBelow('### Inputs').map(([cell]) => cell);
  expect(found).toEqual([...knownInputs].map((name) => `\`${name}\``));
});

test('and the choices that name no file', () => {
  expect(docs).toContain(`(${coded([...noFiles].filter((name) => name !== ''))}, in any case)`);
});
