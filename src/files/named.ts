import { InputError } from '../errors.js';

/**
 * Reads something out of a file's bytes, so that an error says which file it was.
 * @param hint instead of the reader's own, where the caller knows better what to give
 * @throws InputError of the reader, with the name in front; everything else as it is
 */
export function readNamed<T>(name: string, read: () => T, hint?: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const next = hint ?? error.hint;
    throw new InputError(error.code, `${name}: ${error.message}`, {
      cause: error,
      ...(next === undefined ? {} : { hint: next }),
    });
  }
}
