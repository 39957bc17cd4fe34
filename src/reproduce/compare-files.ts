import { readNamed } from '../files/named.js';
import { compare } from '../image/compare.js';
import { stillPicture } from '../image/containers.js';
import { describeBytes } from '../image/describe-output.js';
import { readEmbedded } from '../image/embedded.js';
import type { Metrics } from '../image/metrics.js';
import { parseJson } from '../workflow/json.js';
import { type Prompt, readPrompt } from '../workflow/prompt.js';
import { type PromptDifference, promptDifferences } from '../workflow/prompt-differences.js';

/** Two outputs side by side: what they look like, and how they were made. */
export interface FileComparison {
  readonly sameFile: boolean;
  /** Absent where a file cannot be decoded here; `notMeasured` says why. */
  readonly metrics?: Metrics;
  readonly notMeasured?: string;
  /** Absent where a file has no embedded prompt; `notTold` says which. */
  readonly making?: readonly PromptDifference[];
  readonly notTold?: string;
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Compares two outputs from their bytes alone.
 * @throws InputError where a picture is damaged, or its embedded prompt is no prompt
 */
export function compareFiles(a: NamedBytes, b: NamedBytes): FileComparison {
  const sameFile = describeBytes(a.bytes).sha256 === describeBytes(b.bytes).sha256;
  return { sameFile, ...measured(a, b), ...making(a, b) };
}

function measured(a: NamedBytes, b: NamedBytes): Pick<FileComparison, 'metrics' | 'notMeasured'> {
  const [before, after] = [a, b].map(({ name, bytes }) => readNamed(name, () => stillPicture(bytes)));
  if (before !== undefined && after !== undefined) return { metrics: compare(before, after) };
  const name = before === undefined ? a.name : b.name;
  return { notMeasured: `${name} is not a picture that can be decoded here (PNG can)` };
}

function making(a: NamedBytes, b: NamedBytes): Pick<FileComparison, 'making' | 'notTold'> {
  const [before, after] = [a, b].map(({ name, bytes }) => readNamed(name, () => embeddedPrompt(bytes)));
  if (before !== undefined && after !== undefined) return { making: promptDifferences(before, after) };
  return { notTold: `${before === undefined ? a.name : b.name} has no embedded prompt` };
}

function embeddedPrompt(bytes: Uint8Array): Prompt | undefined {
  const { prompt } = readEmbedded(bytes);
  return prompt === undefined ? undefined : readPrompt(parseJson(prompt));
}
