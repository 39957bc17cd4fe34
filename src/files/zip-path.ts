import { InputError } from '../errors.js';

const longest = 512;

/** Names that Windows gives to devices, with any extension. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Whether a path stays in the folder that it is unpacked to, on every system, and is the same file there. */
export const isSafePath = (path: string): boolean =>
  path.length <= longest &&
  !/[\p{Cc}\\:*?"<>|]/u.test(path) &&
  path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[. ]$/.test(part) && !device.test(part));

/**
 * Refuses a path of an archive that could leave the folder that it is unpacked to, on any system, or that would be another file there.
 * @throws InputError `zip-unsafe`
 */
export function refuseUnsafePath(path: string): void {
  if (isSafePath(path.replace(/\/$/, ''))) return;
  throw new InputError('zip-unsafe', `the archive is not safe to unpack: it has the path ${JSON.stringify(path)}`, {
    hint: 'get it again from whoever made it',
  });
}
