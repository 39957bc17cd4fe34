import ignore from 'ignore';

/** Whether a path (relative to the top, with `/`) is ignored. */
export type Ignores = (path: string) => boolean;

/**
 * Rules of `.comfyignore`, in gitignore syntax, for files that are never to be locked or recorded. Upper and lower case differ
 * everywhere, so that a repository means the same on every machine.
 */
export function ignoreRules(text: string | undefined): Ignores {
  if (text === undefined) return () => false;
  const rules = ignore({ ignorecase: false }).add(text);
  // A path that git itself could not hold (`../x`, an absolute one) is nobody's to ignore.
  return (path) => ignore.isPathValid(path) && rules.ignores(path);
}
