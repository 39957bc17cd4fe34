import { createHash } from 'node:crypto';
import { readNamed } from '../files/named.js';
import { compare } from '../image/compare.js';
import { samePlain, stillPicture } from '../image/containers.js';
import type { Metrics } from '../image/metrics.js';
import type { Picture } from '../image/picture.js';
import { type MakingDifference, makingDifferences } from '../lineage/making-differences.js';
import { butTexts } from './compare-outputs.js';
import type { NamedOutput } from './known-making.js';

/** Two outputs side by side: what they look like, and how they were made. */
export interface FileComparison {
  readonly sameFile: boolean;
  /** Absent where a file cannot be decoded here, or the pictures have not the same shape; `notMeasured` says why. */
  readonly metrics?: Metrics;
  readonly notMeasured?: string;
  /** What was compared in place of samples that are decoded here: bytes, or what ffmpeg decoded. */
  readonly frames?: string;
  /** Most important first; absent where it is not known how a file was made; `notTold` says which. */
  readonly making?: readonly MakingDifference[];
  readonly notTold?: string;
  /** Files, packs and machine of both were observed: where nothing differs, neither should the pixels. */
  readonly observed: boolean;
}

/**
 * Compares two outputs.
 * @throws InputError where a picture is damaged, or a prompt is no prompt
 */
export function compareFiles(a: NamedOutput, b: NamedOutput): FileComparison {
  const sameFile = hashOf(a) === hashOf(b);
  const observed = a.making.state !== undefined && b.making.state !== undefined;
  return { sameFile, ...measured(a, b), ...made(a, b), observed };
}

const hashOf = ({ sha256, bytes = new Uint8Array() }: NamedOutput) =>
  sha256 ?? createHash('sha256').update(bytes).digest('hex');

function measured(a: NamedOutput, b: NamedOutput): Pick<FileComparison, 'metrics' | 'notMeasured' | 'frames'> {
  const away = [a, b].find(({ bytes }) => bytes === undefined);
  if (away !== undefined) return { notMeasured: `not measured, the file of ${away.name} is not at hand` };
  const [before, after] = [a, b].map(({ name, bytes = new Uint8Array() }) =>
    readNamed(name, () => stillPicture(bytes)),
  );
  if (before === undefined || after === undefined) {
    const same = samePlain(a.bytes ?? new Uint8Array(), b.bytes ?? new Uint8Array());
    if (same) return { metrics: { comparable: true, equal: true }, frames: butTexts };
    const name = before === undefined ? a.name : b.name;
    return {
      notMeasured: `not measured: the bytes differ, and ${name} is nothing that is decoded here (a still PNG is)`,
    };
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
    const [was, is] = [a, b].map(({ making }) => making.state);
    return { making: makingDifferences({ snapshot: before, state: was }, { snapshot: after, state: is }) };
  }
  return { notTold: `${before === undefined ? a.name : b.name} has no embedded prompt, and no record here` };
}
