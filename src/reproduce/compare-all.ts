import type { Server } from '../comfyui/server.js';
import { describeBytes } from '../image/describe-output.js';
import { type ComparedOutput, compareOutputs, counterpart } from './compare-outputs.js';
import type { Original } from './original.js';
import { originalFile } from './original-file.js';
import type { MadeOutput } from './requeue.js';

/** Step 6: every output that was asked for against the one that the new run made in its place. */
export async function compareAll(
  server: Server,
  { outputs, file }: Original,
  made: readonly MadeOutput[],
  signal: AbortSignal,
): Promise<ComparedOutput[]> {
  const compared: ComparedOutput[] = [];
  for (const output of outputs) {
    const original = await originalFile(server, output, file, signal);
    compared.push(compareOutputs(output, original, counterpart(output, made)));
  }
  return compared;
}

/** Did two runs make the same files? By samples where they can be decoded, by bytes elsewhere. */
export function sameOutputs(a: readonly MadeOutput[], b: readonly MadeOutput[]): boolean {
  const key = ({ node, index, bytes }: MadeOutput) => {
    const { pixels, sha256 } = describeBytes(bytes);
    return `${node} ${index} ${pixels ?? sha256}`;
  };
  const seen = new Set(a.map(key));
  return a.length === b.length && b.every((output) => seen.has(key(output)));
}
