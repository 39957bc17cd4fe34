import { readSync, writeSync, writevSync } from 'node:fs';

// Pipes without the event loop: for a filter, which has nothing else to do while it waits for git. Half the cost of a stream.

const chunkLength = 256 * 1024;
const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMilliseconds = 1;

/** What arrives at a descriptor, as it comes. A chunk is good until the next one is asked for. */
export async function* chunksOf(descriptor: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkLength);
  for (;;) {
    const length = patiently(() => readSync(descriptor, buffer, 0, chunkLength, null));
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}

/** Writes everything, however little the other side takes at a time. */
export function writeAll(descriptor: number, parts: readonly Uint8Array[]): void {
  // Asked to write nothing the system complains.
  const written = parts.length === 0 ? 0 : patiently(() => writevSync(descriptor, parts));
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  if (written === bytes) return;
  const rest = Buffer.concat(parts).subarray(written);
  for (let at = 0; at < rest.length; ) {
    const from = at;
    at += patiently(() => writeSync(descriptor, rest, from));
  }
}

/** Where whoever made the pipe has made it non-blocking, there may be nothing yet; Windows reports its end as an error. */
function patiently(transfer: () => number): number {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, pauseMilliseconds);
    }
  }
}
