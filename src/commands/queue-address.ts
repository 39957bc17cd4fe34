import type { Input } from './command.js';
import { textOption } from './text-option.js';

/** The shared queue that was named, by the flag or in the environment: never by a repository, which could come from anybody. */
export function queueAddress(input: Input, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = textOption(input, 'queue') ?? env['GIT_COMFY_QUEUE'];
  return named === '' ? undefined : named;
}
