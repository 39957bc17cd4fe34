import { join } from 'node:path';
import { readIfThere } from '../../files/read.js';
import { stillPicture } from '../../image/containers.js';
import { describeBytes } from '../../image/describe-output.js';
import { thumbnail } from '../../image/thumbnail.js';
import { writePng } from '../../image/write-png.js';
import type { RunRecord } from '../../lineage/record.js';
import type { Original } from '../original.js';
import type { MadeVariation } from './vary.js';

/** A cell of a contact sheet: a small PNG, or why there is none. */
export type SheetPicture =
  | { readonly png: Buffer; readonly name: string }
  | { readonly missing: string; readonly name: string };

/** Longest side of a cell, in samples. */
const longest = 384;

/** The first output of a variation. What was made earlier is looked for where ComfyUI wrote it. */
export async function variationPicture(
  { record, outputs }: MadeVariation,
  outputFolder: string | undefined,
): Promise<SheetPicture> {
  const [first] = outputs;
  return first === undefined ? recordedPicture(record, outputFolder) : small(first.name, first.bytes);
}

export async function originalPicture(
  { file, outputs, record }: Original,
  outputFolder: string | undefined,
): Promise<SheetPicture> {
  return file === undefined ? recordedPicture(record, outputFolder) : small(outputs[0]?.name ?? 'original', file);
}

async function recordedPicture({ outputs }: RunRecord, folder: string | undefined): Promise<SheetPicture> {
  const [first] = outputs;
  if (first === undefined) return { name: '', missing: 'it made no file' };
  const { name, sha256 } = first;
  const outside = name.split('/').includes('..');
  const bytes = folder === undefined || outside ? undefined : await readIfThere(join(folder, name));
  if (bytes === undefined || describeBytes(bytes).sha256 !== sha256) return { name, missing: 'its file was moved' };
  return small(name, bytes);
}

function small(name: string, bytes: Uint8Array): SheetPicture {
  try {
    const picture = stillPicture(bytes);
    if (picture === undefined) return { name, missing: 'no picture that can be shown here' };
    const { width, height, rgb } = thumbnail(picture, longest);
    return { name, png: writePng(width, height, rgb, []) };
  } catch (error) {
    return { name, missing: (error as Error).message };
  }
}
