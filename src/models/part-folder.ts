import { dirname } from 'node:path';
import { freeSpace } from './free-space.js';

/**
 * The folder in which the download of a model lies: the one that ComfyUI looks through, so that no folder is made for what may never come; where the
 * model will be on another disk (a folder in there is a link), beside it, since no file is renamed from disk to disk.
 * @param root that the model will be in
 * @param path of the model
 */
export async function partFolder(root: string, path: string): Promise<string> {
  const [here, there] = await Promise.all([freeSpace(root), freeSpace(dirname(path))]);
  return here.device === there.device ? root : dirname(path);
}
