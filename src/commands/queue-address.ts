import type { Input } from './command.js';

/** The shared queue that was named, by the flag or in the environment: never by a repository, which could come from anybody. */
export function queueAddress(
  { options }: Input,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = typeof options['queue'] === 'string' ? options['queue'] : env['GIT_COMFY_QUEUE'];
  return named === '' ? undefined : named;
}
