import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, columnBuilder, emptyColumn, fittingRows } from '../../src/lineage/index/column.js';
import { textNeedles, textTest, wordNeedles } from '../../src/lineage/value-test.js';

// The sign of Kelvin is a K in lower case, the long s an S; the others mean something in JSON or in a pattern.
const text = fc.string({ unit: fc.constantFrom(...'aKks\u212a\u017f\u0130iüÜ"\\/\n\0?*, '), maxLength: 6 });
const cells = fc.array(fc.array(text, { maxLength: 3 }), { maxLength: 40 });

/** Further rows, without a value: among many a few are looked up one by one. */
const padded = fc.constantFrom([], new Array(5000).fill(0));

const columnOf = (rows: readonly (readonly string[])[]) => {
  const half = columnBuilder(emptyColumn);
  rows.slice(0, rows.length / 2).forEach((values, row) => {
    for (const value of values) half.add(row, value);
  });
  const whole = columnBuilder(half.finish());
  rows.slice(rows.length / 2).forEach((values, at) => {
    for (const value of values) whole.add(Math.floor(rows.length / 2) + at, value);
  });
  return whole.finish();
};

test('a column tells which rows have a value that fits', () => {
  const word = (small: string) => (value: string) => value.toLowerCase().includes(small.toLowerCase());
  fc.assert(
    fc.property(cells, text, fc.boolean(), fc.nat(3), padded, (rows, wanted, isWord, left, padding) => {
      const [fits, needles] = isWord ? [word(wanted), wordNeedles(wanted)] : [textTest(wanted), textNeedles(wanted)];
      const isAsked = (row: number) => left === 0 || row % 4 === left;
      const asked = Uint8Array.from([...rows, ...padding], (_, row) => Number(row < rows.length && isAsked(row)));
      const marks = fittingRows(columnOf(rows), { test: fits, needles }, asked);
      const found = [...marks].flatMap((mark, row) => (mark === 1 ? [row] : []));
      const expected = rows.flatMap((values, row) => (isAsked(row) && values.some(fits) ? [row] : []));
      expect(found).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('a column gives back what was put in', () => {
  fc.assert(
    fc.property(cells, (rows) => {
      const column = columnOf(rows);
      expect(rows.map((_, row) => cellsOf(column, row))).toEqual(rows);
    }),
  );
});
