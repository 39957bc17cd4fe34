import { join } from 'node:path';
import type { Server } from '../comfyui/server.js';
import { serverFile } from '../comfyui/server-file.js';
import { readIfThere } from '../files/read.js';
import { describeBytes } from '../image/describe-output.js';
import type { OutputEntry } from '../lineage/record.js';

export interface WhereKept {
  /** Absent for one that does not run yet. */
  readonly server?: Server | undefined;
  /** ComfyUI's output folder on this machine, where it is not the server's own. */
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a recorded output, to measure against: the file that was asked about, else the one that the server still has under the recorded
 * name. Only a file with the recorded content or samples counts.
 */
export async function originalFile(
  recorded: OutputEntry,
  asked: Buffer | undefined,
  { server, folder, signal }: WhereKept,
): Promise<Buffer | undefined> {
  if (asked !== undefined && isOriginal(asked, recorded)) return asked;
  const kept = server === undefined ? undefined : await serverFile(server, recorded.name, 'output', signal);
  if (kept !== undefined && isOriginal(kept, recorded)) return kept;
  const ours = folder === undefined ? undefined : await readBelow(folder, recorded.name);
  return ours !== undefined && isOriginal(ours, recorded) ? ours : undefined;
}

function isOriginal(bytes: Buffer, recorded: OutputEntry): boolean {
  const { sha256, pixels } = describeBytes(bytes);
  return sha256 === recorded.sha256 || (pixels !== undefined && pixels === recorded.pixels);
}

/** A name from a record never leads out of the folder. */
const readBelow = async (folder: string, name: string) =>
  name.split(/[/\\]/).includes('..') ? undefined : readIfThere(join(folder, name)).catch(() => undefined);
