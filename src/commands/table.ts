import type { Command } from './command.js';

/**
 * Every command by name, loaded when it is called. The order is the one of `git comfy -h` and of the docs.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  record: async () => (await import('./record.js')).recordCommand,
  show: async () => (await import('./show.js')).showCommand,
  log: async () => (await import('./log.js')).logCommand,
  compare: async () => (await import('./compare.js')).compareCommand,
  clean: async () => (await import('./clean.js')).cleanCommand,
  smudge: async () => (await import('./smudge.js')).smudgeCommand,
  'filter-process': async () => (await import('./filter-process.js')).filterProcessCommand,
};
