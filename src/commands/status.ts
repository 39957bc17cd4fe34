import { lookAround } from '../capture/look-around.js';
import { refreshFirst } from '../capture/refresh-first.js';
import { openWorkTree } from '../git/repository.js';
import { statusOf } from '../sharing/status.js';
import { painter } from '../terminal/paint.js';
import type { Command } from './command.js';
import { plainChange } from './plain-change.js';
import { statusText } from './status-text.js';

/** Milliseconds that a server gets to say where its folders are: somebody waits for an answer. */
const patience = 1000;

export const statusCommand: Command = {
  name: 'status',
  group: 'everyday',
  summary: 'what changed, what drifted from the lock, what is not recorded yet',
  about:
    'Workflows: from the last commit to the files as they are, in words, and what a merge left open; a file that equals an older commit may have been saved from a browser tab that was open ' +
    'before a checkout. Drift: the lock against the files here, without hashing (git comfy verify looks closer). Outputs: the newest ones in ' +
    "ComfyUI's output folder that no record knows. ComfyUI is found above this folder, by git config comfy.directory, or by asking its server.",
  arguments: [],
  options: [],
  examples: ['git comfy status'],
  async run({ cwd, env, signal, talk, output }) {
    const repository = await openWorkTree(cwd);
    const refreshed = await refreshFirst(repository, talk);
    const around = await lookAround(repository, { cwd: repository.top, env, signal, patience });
    const status = await statusOf(repository, { around, signal, talk });
    const changed = status.changed.map((file) => ({ ...file, changes: file.changes.map(plainChange) }));
    return { result: { ...status, changed, refreshed }, text: statusText(status, cwd, painter(output.color)) };
  },
};
