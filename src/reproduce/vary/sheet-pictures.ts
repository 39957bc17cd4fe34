import { join } from 'node:path';
import type { OutputFacts } from '../../capture/run-facts.js';
import { readIfThere } from '../../files/read.js';
import { stillPicture } from '../../image/containers.js';
import { describeBytes } from '../../image/describe-output.js';
import type { SheetCell } from '../../image/sheet/sheet.js';
import { thumbnail } from '../../image/thumbnail.js';
import { writePng } from '../../image/write-png.js';
import type { RunRecord } from '../../lineage/record.js';
import type { Original } from '../original.js';

/** The first of the files of a run, small: thousands of whole ones would not fit into memory. */
export const pictureOfRun = ([first]: readonly OutputFacts[], side: number): SheetCell =>
  first === undefined ? nothing : small(first.name, first.bytes, side);

/** The first output of a run that was recorded earlier, looked for where ComfyUI wrote it. */
export async function recordedPicture(
  { outputs }: RunRecord,
  folder: string | undefined,
  side: number,
): Promise<SheetCell> {
  const [first] = outputs;
  if (first === undefined) return nothing;
  const { name, sha256 } = first;
  const outside = name.split('/').includes('..');
  const bytes = folder === undefined || outside ? undefined : await readIfThere(join(folder, name));
  if (bytes === undefined || describeBytes(bytes).sha256 !== sha256) return { name, missing: 'its file was moved' };
  return small(name, bytes, side);
}

export const originalPicture = async (
  { file, outputs, record }: Original,
  folder: string | undefined,
  side: number,
): Promise<SheetCell> =>
  file === undefined ? recordedPicture(record, folder, side) : small(outputs[0]?.name ?? 'original', file, side);

const nothing: SheetCell = { name: '', missing: 'it made no file' };

function small(name: string, bytes: Uint8Array, side: number): SheetCell {
  try {
    const picture = stillPicture(bytes);
    if (picture === undefined) return { name, missing: 'no picture that can be shown here' };
    const { width, height, rgb } = thumbnail(picture, side);
    return { name, png: writePng(width, height, rgb, []) };
  } catch (error) {
    return { name, missing: (error as Error).message };
  }
}
