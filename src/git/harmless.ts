import { gitText } from './exec.js';

// How git is asked about, or to make, a repository that nobody vouches for, so that nothing in it can run.

/** For every call: no hook, no file system monitor, no pager, no submodule. */
export const harmless: readonly string[] = [
  ...['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.pager=cat'],
  ...['-c', 'submodule.recurse=false', '-c', 'fetch.recurseSubmodules=false'],
];

/**
 * Nothing of our own repository (GIT_DIR in a hook) leaks in; git itself knows the names of these variables.
 * @param protocols that may be spoken, such as `https:ssh`: a missing object of a partial clone would be fetched by whatever transport it names
 */
export async function foreignEnvironment(cwd: string, protocols = 'none'): Promise<Record<string, string | undefined>> {
  const names = (await gitText(cwd, ['rev-parse', '--local-env-vars'])).split('\n');
  const cleared = Object.fromEntries(names.map((name) => [name, undefined]));
  return { ...cleared, GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: protocols };
}

/** Filters switched off, by the names that `config --null --name-only --get-regexp ^filter\.` prints. */
export function withoutFilters(keys: string): string[] {
  const names = new Set(keys.split('\0').flatMap((key) => /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1] ?? []));
  const off = (name: string) => [`${name}.clean=`, `${name}.smudge=`, `${name}.process=`, `${name}.required=false`];
  return [...names].flatMap(off).flatMap((setting) => ['-c', `filter.${setting}`]);
}
