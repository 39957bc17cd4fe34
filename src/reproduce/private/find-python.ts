import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.js';

/** Where ComfyUI's Python is, seen from its folder, where nobody has said. */
const usual = ['venv', '.venv', '../venv', '../.venv'].flatMap((home) => [
  `${home}/bin/python`,
  `${home}/Scripts/python.exe`,
]);
const portable = ['../python_embeded/python.exe', 'python_embeded/python.exe'];

/**
 * The user's own Python for ComfyUI: nothing is installed for them.
 * @param configured `comfy.python`: the program, or the folder of its environment
 * @throws InputError `no-python`
 */
export async function findPython(configured: string | undefined, root: string | undefined): Promise<string> {
  const candidates =
    configured === undefined
      ? [...usual, ...portable].map((path) => join(root ?? '.', path))
      : [
          configured,
          join(configured, 'bin/python'),
          join(configured, 'Scripts/python.exe'),
          join(configured, 'python.exe'),
        ];
  for (const path of root === undefined && configured === undefined ? [] : candidates) {
    if ((await stat(path).catch(() => undefined))?.isFile() === true) return path;
  }
  const said =
    configured === undefined
      ? 'nothing says which Python runs ComfyUI'
      : `comfy.python is ${configured}, and there is no Python`;
  throw new InputError('no-python', said, { hint: 'name it: git config comfy.python <path of the program>' });
}
