import { InputError } from '../errors.js';
import { withFolders } from '../files/walk.js';
import { isOutputName } from '../image/output-names.js';

/**
 * The outputs that somebody named: files as they are, folders by the outputs below them.
 * @throws InputError `no-outputs` where folders were named, and there are none in them
 */
export async function outputPaths(cwd: string, named: readonly string[]): Promise<string[]> {
  const paths = await withFolders(cwd, named, isOutputName);
  if (paths.length > 0 || named.length === 0) return paths;
  throw new InputError('no-outputs', `there is no output in ${named.join(', ')}`, {
    hint: "name ComfyUI's output folder, or files in it",
  });
}
