import type { Command } from './command.js';

/**
 * Every command by name, loaded when it is called. The order is the one of `git comfy -h` and of the docs: what people need every day; then
 * the rest by what it is for (workflows and their lock, outputs and lineage, the setup); then what git calls.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init.js')).initCommand,
  status: async () => (await import('./status.js')).statusCommand,
  diff: async () => (await import('./diff.js')).diffCommand,
  commit: async () => (await import('./commit.js')).commitCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  run: async () => (await import('./run.js')).runCommand,
  watch: async () => (await import('./watch.js')).watchCommand,
  show: async () => (await import('./show.js')).showCommand,
  reproduce: async () => (await import('./reproduce.js')).reproduceCommand,
  vary: async () => (await import('./vary.js')).varyCommand,

  lock: async () => (await import('./lock.js')).lockCommand,
  check: async () => (await import('./check.js')).checkCommand,
  provide: async () => (await import('./provide.js')).provideCommand,
  refresh: async () => (await import('./refresh.js')).refreshCommand,
  prompt: async () => (await import('./prompt.js')).promptCommand,

  record: async () => (await import('./record.js')).recordCommand,
  recover: async () => (await import('./recover.js')).recoverCommand,
  log: async () => (await import('./log.js')).logCommand,
  find: async () => (await import('./find.js')).findCommand,
  label: async () => (await import('./label.js')).labelCommand,
  unlabel: async () => (await import('./label.js')).unlabelCommand,
  impact: async () => (await import('./impact.js')).impactCommand,
  compare: async () => (await import('./compare.js')).compareCommand,
  conflicts: async () => (await import('./conflicts.js')).conflictsCommand,
  export: async () => (await import('./export.js')).exportCommand,
  import: async () => (await import('./import.js')).importCommand,
  worker: async () => (await import('./worker.js')).workerCommand,
  fsck: async () => (await import('./fsck.js')).fsckCommand,
  gc: async () => (await import('./gc.js')).gcCommand,
  sync: async () => (await import('./sync.js')).syncCommand,

  demo: async () => (await import('./demo.js')).demoCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  deinit: async () => (await import('./deinit.js')).deinitCommand,

  clean: async () => (await import('./clean.js')).cleanCommand,
  smudge: async () => (await import('./smudge.js')).smudgeCommand,
  'filter-process': async () => (await import('./filter-process.js')).filterProcessCommand,
  textconv: async () => (await import('./textconv.js')).textconvCommand,
  'merge-file': async () => (await import('./merge-file.js')).mergeFileCommand,
  hook: async () => (await import('./hook.js')).hookCommand,
};
