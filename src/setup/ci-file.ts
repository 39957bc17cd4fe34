import { join } from 'node:path';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { packageFile } from './package-files.js';
import { joinPlans, nothing, type Plan } from './plan.js';

/** What `--ci github` writes, by where it comes from in this program. */
const githubFiles: Readonly<Record<string, string>> = {
  'templates/github/action/action.yml': '.github/actions/git-comfy/action.yml',
  'templates/github/workflows/git-comfy.yml': '.github/workflows/git-comfy.yml',
  'templates/github/workflows/git-comfy-comment.yml': '.github/workflows/git-comfy-comment.yml',
  'templates/github/workflows/git-comfy-reproduce.yml': '.github/workflows/git-comfy-reproduce.yml',
};

export const ciPaths: readonly string[] = Object.values(githubFiles);

/**
 * Workflows of a CI service: a check of pull requests with a comment that says what changed, and a reproduction on own runners. A file
 * that is there with other content is left alone, and said.
 * @throws UsageError for a service that is not known
 */
export async function planCi(repository: Repository, program: Context['program'], service: string): Promise<Plan> {
  if (service !== 'github')
    throw new UsageError(`--ci knows github, not ${service}`, { hint: 'git comfy init --ci github' });
  return eachFile(repository, program, ({ path, shown, content, there }) => {
    if (there === content) return nothing;
    if (there === undefined) return { steps: [{ do: 'write', path, content, about: `write ${shown}` }], remarks: [] };
    const remark = `${shown} is there with other content and stays; to have it written anew, move it away first`;
    return { steps: [], remarks: [remark] };
  });
}

/** Only those that are as `init` wrote them; of the others it is said. */
export function planCiRemoval(repository: Repository, program: Context['program']): Promise<Plan> {
  return eachFile(repository, program, ({ path, shown, content, there }) => {
    if (there === undefined) return nothing;
    if (there !== content) return { steps: [], remarks: [`${shown} was edited and stays`] };
    return { steps: [{ do: 'remove', path, about: `remove ${shown}` }], remarks: [] };
  });
}

interface CiFile {
  readonly path: string;
  /** As people say it: relative to the top. */
  readonly shown: string;
  readonly content: string;
  readonly there: string | undefined;
}

async function eachFile(
  repository: Repository,
  program: Context['program'],
  plan: (file: CiFile) => Plan,
): Promise<Plan> {
  const plans: Plan[] = [];
  for (const [template, shown] of Object.entries(githubFiles)) {
    const path = join(repository.top, shown);
    const there = (await readIfThere(path))?.toString('utf8');
    plans.push(plan({ path, shown, content: await packageFile(program, template), there }));
  }
  return joinPlans(...plans);
}
