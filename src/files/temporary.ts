import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, isOfThisMachine, ownerName } from './alive.js';

/** Characters of a name that its temporary file has too: a name may be as long as a system takes. */
const mostShared = 50;

const stemOf = (path: string) => basename(path).slice(0, mostShared);

/** A name beside a file for what is to become it: `<name>.<owner>.<8 digits>.tmp`. */
export const temporaryFor = (path: string): string =>
  join(dirname(path), `${stemOf(path)}.${ownerName}.${randomBytes(4).toString('hex')}.tmp`);

/** Whose temporary file it is; `undefined` where it is none of ours. */
export const ownerOfTemporary = (name: string): string | undefined =>
  /\.([0-9a-f]{8}-\d+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];

/** Takes away what processes of this machine, which were killed, were about to put in the place of a file. */
export async function removeTemporariesOf(path: string): Promise<void> {
  for (const name of await readdir(dirname(path)).catch(() => [] as string[])) {
    const owner = name.startsWith(`${stemOf(path)}.`) ? ownerOfTemporary(name) : undefined;
    if (owner === undefined || !isOfThisMachine(owner) || isAlive(owner)) continue;
    await rm(join(dirname(path), name), { force: true });
  }
}
