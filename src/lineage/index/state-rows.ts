import { documentBytes, type LineIndex, livingRows, stateAt } from './line-index.js';

/** Which rows point to each state, by its name: runs share states. */
export function rowsByState(index: LineIndex): ReadonlyMap<string, readonly number[]> {
  const living = livingRows(index);
  const { buffer, byteOffset, byteLength } = index.states;
  const states = Buffer.from(buffer, byteOffset, byteLength);
  const found = new Map<string, number[]>();
  for (let row = 0; row < living.length; row++) {
    if (living[row] === 0) continue;
    const bytes = states.toString('latin1', row * documentBytes, (row + 1) * documentBytes);
    const there = found.get(bytes);
    if (there === undefined) found.set(bytes, [row]);
    else there.push(row);
  }
  return new Map([...found.values()].flatMap((rows) => named(stateAt(index, rows[0] ?? 0), rows)));
}

const named = (name: string | undefined, rows: readonly number[]) =>
  name === undefined ? [] : [[name, rows] as const];
