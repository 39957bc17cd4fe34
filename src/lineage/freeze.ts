import { createHash } from 'node:crypto';
import { byCodePoint } from '../workflow/json.js';

/** One digest for all packages of a Python, so that two machines are compared at a glance: over lines `name==version`, sorted. */
export function freezeDigest(packages: Readonly<Record<string, string>>): string {
  const lines = Object.entries(packages).map(([name, version]) => `${name}==${version}\n`);
  return `sha256:${createHash('sha256').update(lines.sort(byCodePoint).join('')).digest('hex')}`;
}
