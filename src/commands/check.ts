import { exitCode } from '../errors.js';
import { openWorkTree } from '../git/repository.js';
import { type Checked, checkRepository } from '../sharing/check.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';
import { noneTracked } from './none-tracked.js';
import { groupProblems } from './problem-lines.js';

export const checkCommand: Command = {
  name: 'check',
  group: 'more',
  summary: 'what must not be committed or merged; needs no ComfyUI, no model',
  about:
    'For CI and hooks. Looks at the index: every tracked workflow is in normal form, comfy.lock covers everything that they name, nothing in it is left ' +
    'unhashed, and it is written as git comfy writes it. Ends with 1 where something is not.',
  arguments: [],
  options: [],
  examples: ['git comfy check'],
  run: async ({ cwd }) => {
    const checked = await checkRepository(await openWorkTree(cwd));
    const fine = checked.problems.length === 0;
    return { result: checked, text: textOf(checked), exit: fine ? exitCode.ok : exitCode.no };
  },
};

function textOf({ problems, workflows }: Checked): string {
  if (problems.length === 0 && workflows === 0) return noneTracked;
  if (problems.length === 0) return `${plural(workflows, 'workflow')}: in normal form, and locked`;
  return groupProblems(problems)
    .flatMap(({ lines, mend }) => [...lines, `    ${mend}`])
    .join('\n');
}
