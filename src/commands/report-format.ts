import { UsageError } from '../errors.js';
import type { Input, Option } from './command.js';

export const formatOption: Option = {
  flags: '--format <name>',
  about: '`github` writes annotations for GitHub Actions (default: `text`)',
};

/** @throws UsageError for a format that there is not */
export function reportFormat({ options }: Input): 'text' | 'github' {
  const asked = options['format'] ?? 'text';
  if (asked === 'text' || asked === 'github') return asked;
  throw new UsageError(`there is no format "${String(asked)}" here`, { hint: 'formats are text and github' });
}
