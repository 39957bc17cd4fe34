import { newPicked } from './forms.js';
import { putLayoutBody } from './put-layout.js';
import type { Out } from './put-value.js';
import { putWorkflow } from './put-workflow.js';
import { readTape, tapeMemory } from './read-tape.js';
import { readTapeWorkflow } from './read-workflow.js';
import { width } from './tape.js';

/** What the clean filter makes of a file. */
export interface CleanedTape {
  /** What git stores. */
  readonly bytes: Buffer;
  /** The layout document but for its time, as `layoutBody` writes it, in UTF-8. */
  readonly body: Buffer;
  /** Whether any node had a position. */
  readonly positioned: boolean;
}

/** Cleans one file after the other in the same memory. */
export type TapeCleaner = (file: Uint8Array) => CleanedTape | undefined;

/** Larger files are rare, and not worth memory for each of their values. */
const mostBytes = 1024 * 1024;
/** What stands around a value at most, in bytes: two line ends with indents, a comma and spaces, or the name of a list of slots. */
const mostAround = 48;

/**
 * The way of `cleanBytes` for most files, at a third of its time once V8 knows both: no value becomes an object or a text on its way from bytes to bytes. Gives
 * exactly what the other way gives; `undefined` for files that are not spelled and shaped as the frontend saves them.
 */
export function tapeCleaner(): TapeCleaner {
  const memory = tapeMemory();
  const picked = newPicked();
  let room: Buffer = Buffer.alloc(0);
  return (file) => {
    const tape = file.length > mostBytes ? undefined : readTape(file, memory);
    const workflow = tape && readTapeWorkflow(tape);
    if (workflow === undefined) return undefined;
    // Titles of groups that have no ids stand twice in a layout.
    const most = file.length * 2 + (workflow.tape.length / width + 100) * mostAround;
    if (room.length < most) room = Buffer.allocUnsafe(most);
    const bytes = written({ bytes: room, length: 0, tape: workflow.tape, picked }, (out) => putWorkflow(out, workflow));
    const body = written({ bytes: room, length: 0 }, (out) => putLayoutBody(out, workflow));
    return bytes && body && { bytes, body, positioned: workflow.positioned };
  };
}

/** A copy of what `put` writes, since the room is used again. Should it be too small after all, the file goes the other way. */
function written<T extends Out>(out: T, put: (out: T) => void): Buffer | undefined {
  put(out);
  return out.length > out.bytes.length ? undefined : Buffer.from(out.bytes.subarray(0, out.length));
}
