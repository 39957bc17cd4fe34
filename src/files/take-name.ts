import { link, open, rename, rm } from 'node:fs/promises';

/** Codes of a file system that knows no such links, or not between these two places. */
export const noLinks: readonly (string | undefined)[] = [
  ...['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'],
];

/**
 * Gives a finished file its name. A file that has the name stays what it is, also one that came a moment ago.
 * @throws system errors, `EEXIST` among them
 */
export async function takeName(from: string, to: string): Promise<void> {
  if (await linked(from, to)) await rm(from);
  else await renameInto(from, to);
}

/** `false` where the system does not do it. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (noLinks.includes((error as NodeJS.ErrnoException).code)) return false;
    throw error;
  }
}

/**
 * As `takeName`, for file systems without links: takes the name with an empty file of our own, which nobody minds to see replaced.
 * @throws system errors, `EEXIST` among them
 */
export async function renameInto(from: string, to: string): Promise<void> {
  await (await open(to, 'wx')).close();
  await rename(from, to).catch(async (error: unknown) => {
    await rm(to, { force: true });
    throw error;
  });
}
