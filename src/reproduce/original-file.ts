import type { Server } from '../comfyui/server.js';
import { serverFile } from '../comfyui/server-file.js';
import { describeBytes } from '../image/describe-output.js';
import type { OutputEntry } from '../lineage/record.js';

/**
 * The bytes of a recorded output, to measure against: the file that was asked about, else the one that the server still has under the recorded
 * name. Only a file with the recorded content or samples counts.
 */
export async function originalFile(
  server: Server,
  recorded: OutputEntry,
  asked: Buffer | undefined,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  if (asked !== undefined && isOriginal(asked, recorded)) return asked;
  const kept = await serverFile(server, recorded.name, 'output', signal);
  return kept !== undefined && isOriginal(kept, recorded) ? kept : undefined;
}

function isOriginal(bytes: Buffer, recorded: OutputEntry): boolean {
  const { sha256, pixels } = describeBytes(bytes);
  return sha256 === recorded.sha256 || (pixels !== undefined && pixels === recorded.pixels);
}
