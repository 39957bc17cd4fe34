import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.js';

/**
 * The path of a file that ships with this program (`templates/...`), wherever the code runs from: `src/`, `dist/` or `dist/chunks/`.
 * @throws InputError `damaged-installation`
 */
export async function ownFile(name: string): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 4; up++) {
    const path = join(folder, name);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
    folder = dirname(folder);
  }
  throw new InputError('damaged-installation', `${name} is missing from this installation of git comfy`, {
    hint: 'install it again: npm install -g git-comfy',
  });
}
