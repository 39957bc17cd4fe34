import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { blobIdIn } from '../git/blob-id.js';
import type { FilterPlace } from '../git/filter-place.js';

/**
 * What git's diff will ask for next. It checks a version out into a temporary file, through the filter, and starts textconv on that: a start of
 * Node for every version that is shown, while the filter is at work already. So the filter leaves the text beside, and textconv's shell takes it.
 */
export interface ShownTexts {
  /**
   * Describes a file that git wants for something else than the work tree. Nobody depends on it: whatever goes wrong, textconv does its own work.
   * @param blob what the file was made of: it says the same in fewer words
   */
  keep(file: Uint8Array, blob: Uint8Array): void;
  close(): void;
}

/** How texts are made, and for whom. */
export interface Showing {
  /** The process that started the filter, and will start textconv. */
  readonly parent: number;
  /** As textconv does; `undefined` where the file is to be shown as it is. */
  readonly describe: (table: string, file: Uint8Array) => string | undefined;
}

/** Where the texts for one process of git are; a text's name is the blob id of the file, and the digest of the names of widgets. */
export const shownFolder = (commonDir: string, parent: number | string) => `${commonDir}/comfy/cache/shown/${parent}`;

export function openShownTexts({ commonDir, objectFormat }: FilterPlace, { parent, describe }: Showing): ShownTexts {
  const folder = shownFolder(commonDir, parent);
  let table: NameTable | undefined;
  let last: string | undefined;
  let stopped = false;
  const describeNext = (file: Uint8Array, blob: Uint8Array) => {
    // One that nobody took: this is no diff, or its textconv is not ours.
    stopped = last !== undefined && statSync(last).size > 0;
    table ??= newestTable(join(commonDir, 'comfy', 'names'));
    const text = stopped || table === undefined ? undefined : describe(table.text, blob);
    if (text === undefined || table === undefined) return;
    if (last === undefined) mkdirSync(folder, { recursive: true });
    last = join(folder, `${blobIdIn(objectFormat, file)}.${table.digest}`);
    writeFileSync(last, text);
  };
  return {
    keep(file, blob) {
      try {
        if (!stopped) describeNext(file, blob);
      } catch {
        stopped = true;
      }
    },
    close() {
      if (last !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface NameTable {
  readonly digest: string;
  readonly text: string;
}

/** The names that `diff.comfy.textconv` points at are those that were written last; with others a text is not taken. */
function newestTable(folder: string): NameTable | undefined {
  const files = readdirSync(folder).map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs }));
  const [newest] = files.filter(({ name }) => name.endsWith('.json')).sort((a, b) => b.time - a.time);
  if (newest === undefined) return undefined;
  return { digest: basename(newest.name, '.json'), text: readFileSync(join(folder, newest.name), 'utf8') };
}
