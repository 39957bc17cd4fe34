import type { Input } from './command.js';

/** The values of an option that may be given several times. */
export function listOption({ options }: Input, name: string): readonly string[] {
  const value = options[name];
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
}
