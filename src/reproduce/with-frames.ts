import { compareFrames } from './compare-frames.js';
import type { ComparedOutput } from './compare-outputs.js';

/** What is not decoded here is compared by what ffmpeg decodes, where there is one. */
export async function withFrames(
  compared: ComparedOutput,
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<ComparedOutput> {
  if (compared.metrics !== undefined || before === undefined || after === undefined) return compared;
  const found = await compareFrames(before, after, signal);
  const { notMeasured = 'not measured', ...facts } = compared;
  if ('notDecoded' in found) return { ...facts, notMeasured: `${notMeasured}; ${found.notDecoded}` };
  return { ...facts, frames: found.text, ...(found.metrics === undefined ? {} : { metrics: found.metrics }) };
}
