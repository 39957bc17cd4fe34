import { UsageError } from '../errors.js';
import type { CachePolicy } from '../models/hash-cache.js';
import type { Input, Option } from './command.js';

/** How far a command that hashes trusts what was read before. */
export const cacheOptions: readonly Option[] = [
  { flags: '--no-cache', about: 'read every file again, whatever was read before' },
  {
    flags: '--fast',
    about: 'do not read a model whole whose size, head and tail are those of one that was: proves nothing, and says so',
  },
];

/** @throws UsageError for both at once */
export function cachePolicy({ options }: Input, now: Date): CachePolicy {
  const [again, fast] = [options['cache'] === false, options['fast'] === true];
  if (again && fast) {
    throw new UsageError('--no-cache reads everything, and --fast as little as it can', { hint: 'choose one of them' });
  }
  return { ...(again ? { since: now.getTime() } : {}), ...(fast ? { bySample: true } : {}) };
}
