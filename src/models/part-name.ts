import { isAlive, ownerName } from '../files/alive.js';
import type { Digest } from '../lock/entries.js';

// A download grows in `git-comfy-<digest>.<owner>.part` beside where the model will be; with nobody at it, it is called
// `git-comfy-<digest>.part`. Renaming is how it is taken and given back, so that two programs never write to one file.

const partName = /^git-comfy-[0-9a-f]{24}(?:\.([0-9a-f]{8}-\d+))?\.part$/;

/** How the names of all downloads of a content begin; a dot follows. */
export const stemOf = (digest: Digest) => `git-comfy-${digest.slice('sha256:'.length, 'sha256:'.length + 24)}`;

export const freePartName = (digest: Digest) => `${stemOf(digest)}.part`;

export const ownPartName = (digest: Digest) => `${stemOf(digest)}.${ownerName}.part`;

/** Whether a name is that of a download. It is no model, also where all of it is there: its name goes away. */
export const isPart = (name: string): boolean => partName.test(name);

/** Whether another process is at a download. One with our own number was left by somebody who had that before us. */
export function isAtWork(name: string): boolean {
  const owner = partName.exec(name)?.[1];
  return owner !== undefined && owner !== ownerName && isAlive(owner);
}
