import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeAsker } from './attribute-asker.js';
import type { FilterPlace } from './filter-place.js';
import { keepWord, layoutAttribute } from './layout-attribute.js';

/** Tells the filter which files keep their layout: git tells it only where a file is. */
export interface KeptLayouts {
  /** @param path relative to the top; git's bytes */
  keeps(path: string | Buffer): Promise<boolean>;
  close(): void;
}

/**
 * Git is asked, by one process for all files, and only where an attributes file on the way to the file speaks of the attribute at all: nearly nobody
 * uses it, and every checkout would pay for it. Attributes files outside of the repository are not looked at.
 */
export function keptLayouts(place: FilterPlace): KeptLayouts {
  const words = spokenOf(place);
  let asker: ReturnType<typeof attributeAsker> | undefined;
  return {
    async keeps(path) {
      const { layout, filter } = words(folderOf(path));
      // Where no file sent the path to our filter, the one that did is elsewhere (in the index of a sparse work tree), and may say more.
      if (!layout && filter) return false;
      asker ??= attributeAsker(place.top, layoutAttribute);
      return (await asker.ask(path)) === keepWord;
    },
    close() {
      asker?.close();
      asker = undefined;
    },
  };
}

/** What the attributes files for a folder's files speak of, macros included. */
interface Words {
  readonly layout: boolean;
  readonly filter: boolean;
}

/** By folder, as latin1 text, relative to the top; each file is read once. */
function spokenOf(place: FilterPlace): (folder: string) => Words {
  const known = new Map<string, Words>();
  const everywhere = wordsIn(join(place.commonDir, 'info', 'attributes'));
  const find = (folder: string): Words => {
    const there = known.get(folder);
    if (there !== undefined) return there;
    const above = folder === '' ? everywhere : find(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0)));
    const here = wordsIn(Buffer.from(`${latin1(place.top)}/${folder}/.gitattributes`, 'latin1'));
    const words = { layout: above.layout || here.layout, filter: above.filter || here.filter };
    known.set(folder, words);
    return words;
  };
  return find;
}

function wordsIn(file: string | Buffer): Words {
  try {
    const text = readFileSync(file, 'latin1');
    return { layout: text.includes(layoutAttribute), filter: text.includes('filter=comfy') };
  } catch {
    return { layout: false, filter: false };
  }
}

const latin1 = (path: string | Buffer) => Buffer.from(path as string).toString('latin1');

function folderOf(path: string | Buffer): string {
  const name = latin1(path);
  return name.slice(0, Math.max(name.lastIndexOf('/'), 0));
}
