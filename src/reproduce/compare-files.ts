import { readNamed } from '../files/named.js';
import { compare } from '../image/compare.js';
import { stillPicture } from '../image/containers.js';
import { describeBytes } from '../image/describe-output.js';
import type { Metrics } from '../image/metrics.js';
import type { Picture } from '../image/picture.js';
import { type StateDifference, stateDifferences } from '../lineage/state-differences.js';
import { readPrompt } from '../workflow/prompt.js';
import { type PromptDifference, promptDifferences } from '../workflow/prompt-differences.js';
import type { Making } from './known-making.js';

/** Two outputs side by side: what they look like, and how they were made. */
export interface FileComparison {
  readonly sameFile: boolean;
  /** Absent where a file cannot be decoded here, or the pictures have not the same shape; `notMeasured` says why. */
  readonly metrics?: Metrics;
  readonly notMeasured?: string;
  /** Absent where it is not known how a file was made; `notTold` says which. */
  readonly making?: readonly PromptDifference[];
  readonly notTold?: string;
  /** In files, packs and machine; only where both runs were observed. */
  readonly seen?: readonly StateDifference[];
}

export interface NamedOutput {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly making: Making;
}

/**
 * Compares two outputs.
 * @throws InputError where a picture is damaged, or a prompt is no prompt
 */
export function compareFiles(a: NamedOutput, b: NamedOutput): FileComparison {
  const sameFile = describeBytes(a.bytes).sha256 === describeBytes(b.bytes).sha256;
  const [before, after] = [a.making.state, b.making.state];
  const seen = before === undefined || after === undefined ? {} : { seen: stateDifferences(before, after) };
  return { sameFile, ...measured(a, b), ...made(a, b), ...seen };
}

function measured(a: NamedOutput, b: NamedOutput): Pick<FileComparison, 'metrics' | 'notMeasured'> {
  const [before, after] = [a, b].map(({ name, bytes }) => readNamed(name, () => stillPicture(bytes)));
  if (before === undefined || after === undefined) {
    const name = before === undefined ? a.name : b.name;
    return { notMeasured: `${name} is not a picture that can be decoded here (PNG can)` };
  }
  const metrics = compare(before, after);
  if (metrics.comparable) return { metrics };
  return { metrics, notMeasured: `not comparable: ${a.name} is ${shape(before)}, ${b.name} is ${shape(after)}` };
}

const kinds = { 1: 'grey', 2: 'grey with alpha', 3: 'RGB', 4: 'RGBA' } as const;

const shape = ({ width, height, channels, depth }: Picture) => `${width} x ${height} ${kinds[channels]}, ${depth} bits`;

function made(a: NamedOutput, b: NamedOutput): Pick<FileComparison, 'making' | 'notTold'> {
  const [before, after] = [a.making.snapshot, b.making.snapshot];
  if (before !== undefined && after !== undefined) {
    return { making: promptDifferences(readPrompt(before.prompt), readPrompt(after.prompt)) };
  }
  return { notTold: `${before === undefined ? a.name : b.name} has no embedded prompt, and no record here` };
}
