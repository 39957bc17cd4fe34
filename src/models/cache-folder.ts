import { isAbsolute, join } from 'node:path';

/**
 * The user's cache folder for this program: `XDG_CACHE_HOME`, else what the platform has. `undefined` where the environment names no
 * home, as for some services.
 * Source: XDG Base Directory Specification (a relative `XDG_CACHE_HOME` is to be ignored).
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): string | undefined {
  const asked = env['XDG_CACHE_HOME'];
  if (asked !== undefined && isAbsolute(asked)) return join(asked, 'git-comfy');
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    return local === undefined || local === '' ? undefined : join(local, 'git-comfy', 'cache');
  }
  const home = env['HOME'];
  if (home === undefined || home === '') return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'git-comfy') : join(home, '.cache', 'git-comfy');
}
