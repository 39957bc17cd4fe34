import { exitCode } from '../errors.js';
import { openWorkTree } from '../git/repository.js';
import { settingsPath } from '../lock/settings.js';
import { type Checked, checkRepository } from '../sharing/check.js';
import type { Problem } from '../sharing/problem.js';
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
    'in it is left unhashed, no address in it holds a secret, and it is written as git comfy writes it. Then it tells what keeps workflows from being run again ' +
    'elsewhere: missing models and inputs, packs that nobody could bring back, absolute paths, credentials, nodes that ask a service, seeds that are drawn. Each rule ' +
    `has a name and a level (error, warning, note); ${settingsPath} may give it another, or leave files out (docs/rules.md). Ends with 1 where there is an error.`,
  arguments: [],
  options: [formatOption],
  examples: ['git comfy check', 'git comfy check --format github'],
  run: async ({ cwd }, input) => {
    const format = reportFormat(input);
    const checked = await checkRepository(await openWorkTree(cwd));
    const fine = checked.problems.length === 0;
    const text = format === 'github' ? annotated(checked) : textOf(checked);
    return { result: checked, text, exit: fine ? exitCode.ok : exitCode.no };
  },
};

const byLevel = ({ problems, warnings, notes }: Checked): readonly Problem[] => [...problems, ...warnings, ...notes];

const githubLevel = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Beside the lines that they are about, as staged. */
const annotated = (checked: Checked): string =>
  byLevel(checked)
    .map(({ path, code, text, hint, line, level }) =>
      annotationLine({
        level: githubLevel[level],
        file: path,
        line,
        title: `git comfy check: ${code}`,
        text: `${text}\n${hint}`,
      }),
    )
    .join('\n');

function textOf(checked: Checked): string {
  const { problems, warnings, notes, workflows, ignored } = checked;
  if (byLevel(checked).length === 0 && workflows + ignored === 0) return noneTracked;
  const lines = [problems, warnings, notes].flatMap((some) =>
    groupProblems(some.map(labelled)).flatMap((group) => [...group.lines, `    ${group.mend}`]),
  );
  return [...lines, ...(problems.length === 0 ? [fineLine(checked)] : [])].join('\n');
}

/** Errors speak for themselves; what is less says so. */
const labelled = (problem: Problem): Problem => {
  const text = `${problem.text} [${problem.code}]`;
  return { ...problem, text: problem.level === 'error' ? text : `${problem.level}: ${text}` };
};

function fineLine({ workflows, ignored, warnings, notes }: Checked): string {
  const others = [
    ...(warnings.length === 0 ? [] : [plural(warnings.length, 'warning')]),
    ...(notes.length === 0 ? [] : [plural(notes.length, 'note')]),
    ...(ignored === 0 ? [] : [`${ignored} ignored, by comfy.yaml`]),
  ];
  const rest = others.length === 0 ? '' : ` (${others.join(', ')})`;
  return `${plural(workflows, 'workflow')}: in normal form, and locked${rest}`;
}
