import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodedFrames } from '../files/decoded-frames.js';

/** What comparing two films or sounds frame by frame found. */
export interface FrameComparison {
  readonly same: boolean;
  /** In words. */
  readonly text: string;
}

/**
 * Compares files that are no still pictures by what ffmpeg decodes of them.
 * @returns `undefined` where there is no ffmpeg, or it can decode neither
 */
export async function compareFrames(
  before: Uint8Array,
  after: Uint8Array,
  signal: AbortSignal,
): Promise<FrameComparison | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'git-comfy-frames-'));
  try {
    const read = async (name: string, bytes: Uint8Array) => {
      await writeFile(join(folder, name), bytes);
      return decodedFrames(join(folder, name), signal);
    };
    const [a, b] = [await read('before', before), await read('after', after)];
    return a === undefined || b === undefined ? undefined : compared(a, b);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function compared(before: readonly string[], after: readonly string[]): FrameComparison {
  if (before.length !== after.length) {
    return { same: false, text: `decoded by ffmpeg: ${before.length} frames or blocks then, ${after.length} now` };
  }
  const differing = before.filter((frame, at) => frame !== after[at]).length;
  const all = `${before.length} frames or blocks`;
  return differing === 0
    ? { same: true, text: `decoded by ffmpeg: all ${all} are the same` }
    : { same: false, text: `decoded by ffmpeg: ${differing} of ${all} differ` };
}
