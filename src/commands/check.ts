import { exitCode } from '../errors.js';
import { readBlob } from '../git/objects.js';
import { openWorkTree, type Repository } from '../git/repository.js';
import { lineOfKey } from '../lock/line-of-key.js';
import { lockPath } from '../lock/lockfile.js';
import { type Checked, checkRepository } from '../sharing/check.js';
import { annotationLine } from '../terminal/github-annotation.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';
import { noneTracked } from './none-tracked.js';
import { groupProblems } from './problem-lines.js';
import { formatOption, reportFormat } from './report-format.js';

export const checkCommand: Command = {
  name: 'check',
  group: 'more',
  summary: 'what must not be committed or merged; needs no ComfyUI, no model',
  about:
    'For CI and hooks. Looks at the index: every tracked workflow is in normal form, comfy.lock covers everything that they name and nothing else, nothing ' +
    'in it is left unhashed, no address in it holds a secret, and it is written as git comfy writes it. Ends with 1 where something is not.',
  arguments: [],
  options: [formatOption],
  examples: ['git comfy check', 'git comfy check --format github'],
  run: async ({ cwd }, input) => {
    const format = reportFormat(input);
    const repository = await openWorkTree(cwd);
    const checked = await checkRepository(repository);
    const fine = checked.problems.length === 0;
    const text = format === 'github' ? await annotated(repository, checked) : textOf(checked);
    return { result: checked, text, exit: fine ? exitCode.ok : exitCode.no };
  },
};

/** Beside the lines that they are about, as staged. */
async function annotated(repository: Repository, { problems }: Checked): Promise<string> {
  const lock = (await readBlob(repository, `:${lockPath}`))?.toString('utf8') ?? '';
  const lines = problems.map(({ path, code, text, hint, key }) =>
    annotationLine({
      level: 'error',
      file: path,
      line: key === undefined ? undefined : lineOfKey(lock, key),
      title: `git comfy check: ${code}`,
      text: `${text}\n${hint}`,
    }),
  );
  return lines.join('\n');
}

function textOf({ problems, workflows }: Checked): string {
  if (problems.length === 0 && workflows === 0) return noneTracked;
  if (problems.length === 0) return `${plural(workflows, 'workflow')}: in normal form, and locked`;
  return groupProblems(problems)
    .flatMap(({ lines, mend }) => [...lines, `    ${mend}`])
    .join('\n');
}
