import { refresh } from '../capture/refresh.js';
import { openWorkTree } from '../git/repository.js';
import type { Command } from './command.js';

export const refreshCommand: Command = {
  name: 'refresh',
  group: 'more',
  summary: 'after a mere drag: git sees no change, so switch and pull work',
  about:
    'Git compares file sizes before it asks a filter, so a workflow in which only nodes were dragged counts as modified. This adds such files again: what is staged ' +
    'stays the same, the dragged layout is kept, and real edits are left alone. Every git comfy command that looks at the work tree does it first.',
  arguments: [],
  options: [],
  examples: ['git comfy refresh && git switch other-branch'],
  async run({ cwd, talk }) {
    const result = await refresh(await openWorkTree(cwd), talk);
    return { result, text: result.refreshed.map((path) => `refreshed ${path}`).join('\n') };
  },
};
