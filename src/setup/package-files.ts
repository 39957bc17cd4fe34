import { dirname, join } from 'node:path';
import type { Context } from '../context.js';
import { ComfyError } from '../errors.js';
import { readIfThere } from '../files/read.js';

/**
 * A text file that comes with the program: `hooks/pre-commit`, `templates/capture-pack/__init__.py`. Built programs have them beside
 * the script, a source tree one folder up.
 * @throws ComfyError `incomplete-installation`
 */
export async function packageFile(program: Context['program'], name: string): Promise<string> {
  const folder = dirname(program.script);
  const found = (await readIfThere(join(folder, name))) ?? (await readIfThere(join(folder, '..', name)));
  if (found !== undefined) return found.toString('utf8');
  throw new ComfyError('incomplete-installation', `this installation of git comfy has no file ${name}`, {
    hint: 'install it again: npm install -g git-comfy',
  });
}
