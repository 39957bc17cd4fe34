import type { Command } from './command.js';

/**
 * Every command by name, loaded when it is called. The order is the one of `git comfy -h` and of the docs.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init.js')).initCommand,
  status: async () => (await import('./status.js')).statusCommand,
  diff: async () => (await import('./diff.js')).diffCommand,
  commit: async () => (await import('./commit.js')).commitCommand,
  lock: async () => (await import('./lock.js')).lockCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  check: async () => (await import('./check.js')).checkCommand,
  run: async () => (await import('./run.js')).runCommand,
  record: async () => (await import('./record.js')).recordCommand,
  show: async () => (await import('./show.js')).showCommand,
  log: async () => (await import('./log.js')).logCommand,
  refresh: async () => (await import('./refresh.js')).refreshCommand,
  reproduce: async () => (await import('./reproduce.js')).reproduceCommand,
  compare: async () => (await import('./compare.js')).compareCommand,
  sync: async () => (await import('./sync.js')).syncCommand,
  prompt: async () => (await import('./prompt.js')).promptCommand,
  demo: async () => (await import('./demo.js')).demoCommand,
  deinit: async () => (await import('./deinit.js')).deinitCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  clean: async () => (await import('./clean.js')).cleanCommand,
  smudge: async () => (await import('./smudge.js')).smudgeCommand,
  textconv: async () => (await import('./textconv.js')).textconvCommand,
  'merge-file': async () => (await import('./merge-file.js')).mergeFileCommand,
  hook: async () => (await import('./hook.js')).hookCommand,
  'filter-process': async () => (await import('./filter-process.js')).filterProcessCommand,
};
