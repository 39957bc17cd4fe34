import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Appender, namesIn, readWhole, startAppending } from '../files/append.js';
import type { FilterPlace } from '../git/filter-place.js';
import { type LayoutIndex, layoutIndex } from './layout-index.js';
import type { LayoutName } from './layout-names.js';

// The journal of layouts: every process that takes layouts out appends to a file of its own, which nobody touches before it is
// finished. An entry is a line `layout <blob> <path> <bytes>` and so many bytes, a layout document.

/** Part of a journal file. */
export interface JournalPart {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

const finishedEnding = '.layouts';
const openEnding = '.open';

export const journalFolder = ({ commonDir }: Pick<FilterPlace, 'commonDir'>): string =>
  join(commonDir, 'comfy', 'journal', 'layouts');

/** The journal files that are there, absolute, oldest first, with those that are still being written. */
export function journalFiles(folder: string): {
  readonly finished: readonly string[];
  readonly open: readonly string[];
} {
  const names = namesIn(folder);
  const ending = (wanted: string) => names.filter((name) => name.endsWith(wanted)).map((name) => join(folder, name));
  return { finished: ending(finishedEnding), open: ending(openEnding) };
}

/** Every entry of these files by its name, later ones last. A torn entry at the end, from a crash, is left out. */
export function indexJournal(files: readonly string[]): LayoutIndex<JournalPart> {
  const index = layoutIndex<JournalPart>();
  for (const file of files) for (const { name, part } of entriesOf(file)) index.add(name, part);
  return index;
}

export interface JournalEntry {
  readonly name: LayoutName;
  readonly part: JournalPart;
}

export const entriesOf = (file: string): readonly JournalEntry[] => readJournalFile(file).entries;

/** What a journal file holds, and whether that is all of it. */
export function readJournalFile(file: string): {
  readonly entries: readonly JournalEntry[];
  readonly isWhole: boolean;
} {
  // Empty where the file has been folded meanwhile.
  const bytes = readWhole(file) ?? Buffer.alloc(0);
  const entries: JournalEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(0x0a, at);
    const header = bytes.toString('latin1', at, end < 0 ? at : end);
    const [, blob = '', path = '', size = ''] =
      /^layout ([0-9a-f]{40,64}) ([0-9a-f]{64}) (\d{1,9})$/.exec(header) ?? [];
    const start = end + 1;
    const length = Number(size);
    if (blob === '' || start + length > bytes.length) break;
    entries.push({ name: { blob, path }, part: { file, start, length } });
    at = start + length;
  }
  return { entries, isWhole: at === bytes.length };
}

/** Reads documents; `undefined` where the file has been folded meanwhile. The last file is held: entries are asked for in a row. */
export function journalReader(): (part: JournalPart) => string | undefined {
  let held: { readonly file: string; readonly bytes: Buffer } | undefined;
  return ({ file, start, length }) => {
    if (held?.file !== file || held.bytes.length < start + length) {
      const bytes = readWhole(file);
      held = bytes && { file, bytes };
    }
    return held && held.bytes.length >= start + length ? held.bytes.toString('utf8', start, start + length) : undefined;
  };
}

/** This process's own journal file, made when the first layout is to be kept. */
export interface JournalWriter {
  write(name: LayoutName, document: string): JournalPart;
  close(): void;
}

export function journalWriter(folder: string, now: () => Date): JournalWriter {
  let own: { readonly path: string; readonly appender: Appender } | undefined;
  const start = () => {
    const stamp = now().toISOString().replaceAll(/[-:.]/g, '');
    const path = join(folder, `${stamp}-${randomBytes(4).toString('hex')}`);
    return { path, appender: startAppending(path + openEnding) };
  };
  return {
    write({ blob, path }, document) {
      own ??= start();
      const file = own.path + openEnding;
      const body = Buffer.from(document);
      const header = Buffer.from(`layout ${blob} ${path} ${body.length}\n`);
      try {
        const at = own.appender.append(Buffer.concat([header, body]));
        return { file, start: at + header.length, length: body.length };
      } catch (error) {
        // A torn entry must stay the last one of its file (the disk may be full): the next begins another.
        own = undefined;
        throw error;
      }
    },
    close() {
      own?.appender.finish(own.path + finishedEnding);
      own = undefined;
    },
  };
}
