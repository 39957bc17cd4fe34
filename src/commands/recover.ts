import { outputPaths } from '../capture/output-paths.js';
import { recover } from '../capture/recover/recover.js';
import type { Context } from '../context.js';
import { exitCode } from '../errors.js';
import { openRepository } from '../git/repository.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Answer, Command, Input } from './command.js';
import { textOption } from './text-option.js';

const usualBranch = 'recovered';

export const recoverCommand: Command = {
  name: 'recover',
  group: 'more',
  summary: 'an output folder becomes history',
  about:
    'Every workflow that the outputs embed, seeds aside, becomes a commit dated by its first output, on a branch of its own; versions of one workflow are one file. Each output is then ' +
    'recorded to its commit. Your branches, index and files stay as they are. Stopped in the middle, the same command goes on. Ends with 1 where some files could not be read or recorded.',
  arguments: [{ name: '<files or folders...>', about: 'outputs as ComfyUI saved them' }],
  options: [{ flags: '--branch <name>', about: `the branch, which must not be there yet (default: ${usualBranch})` }],
  examples: ['git comfy recover output', 'git log --oneline recovered'],
  run,
};

async function run({ cwd, signal, talk }: Context, input: Input): Promise<Answer> {
  const branch = textOption(input, 'branch') ?? usualBranch;
  const repository = await openRepository(cwd);
  const files = await outputPaths(cwd, input.args);
  const { recording, ...result } = await recover(repository, files, { cwd, branch, signal, talk });
  const { recorded, known, refused } = recording;
  const lines = [
    `${plural(result.commits, 'commit')} of ${plural(result.workflows.length, 'workflow')} on ${branch}:`,
    ...result.workflows.map((path) => `  ${path}`),
    `${plural(recorded.length, 'output')} recorded`,
    ...(known.length > 0 ? [`${plural(known.length, 'output')} had a record already`] : []),
    ...(result.without.length > 0 ? [`${plural(result.without.length, 'file')} without a workflow left alone`] : []),
    ...refused.map(({ file, reason }) => `${file}: not recorded: ${reason}`),
  ];
  const counts = { recorded: recorded.length, known: known.length, refused };
  const exit = refused.length === 0 ? exitCode.ok : exitCode.no;
  return { result: { ...result, ...counts }, text: lines.map(safeLine).join('\n'), exit };
}
