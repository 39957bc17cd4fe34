import { refresh } from '../capture/refresh.js';
import { type Renormalised, renormalize } from '../capture/renormalize.js';
import { openWorkTree } from '../git/repository.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';

export const refreshCommand: Command = {
  name: 'refresh',
  group: 'more',
  summary: 'after a mere drag: git sees no change, so switch and pull work',
  about:
    'Git compares file sizes before it asks a filter, so a workflow in which only nodes were dragged counts as modified. This adds such files again: what is staged ' +
    'stays the same, the dragged layout is kept, and real edits are left alone. Every git comfy command that looks at the work tree does it first.',
  arguments: [],
  options: [
    { flags: '--renormalize', about: 'commit workflows that came in with their layout inside, as a commit of its own' },
  ],
  examples: ['git comfy refresh && git switch other-branch', 'git comfy refresh --renormalize'],
  async run({ cwd, talk, now }, { options }) {
    const repository = await openWorkTree(cwd);
    const renormalised = options['renormalize'] === true ? await renormalize(repository, now) : undefined;
    const { refreshed } = await refresh(repository, talk);
    return {
      result: { refreshed, ...(renormalised === undefined ? {} : { renormalised }) },
      text: [...renormalisedLines(renormalised), ...refreshed.map((path) => `refreshed ${safeLine(path)}`)].join('\n'),
    };
  },
};

function renormalisedLines(renormalised: Renormalised | undefined): string[] {
  if (renormalised === undefined) return [];
  const { paths, commit } = renormalised;
  if (commit === undefined) return ['every committed workflow is in normal form'];
  return [
    ...paths.map((path) => `normalised ${safeLine(path)}`),
    `${plural(paths.length, 'workflow')} in normal form in commit ${commit.slice(0, 12)}; taken back by: git revert ${commit.slice(0, 12)}`,
  ];
}
