import { join } from 'node:path';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { packageFile } from './package-files.js';
import { nothing, type Plan } from './plan.js';

const githubPath = '.github/workflows/git-comfy.yml';
const githubTemplate = 'templates/github/git-comfy.yml';

/**
 * A job that runs `git comfy check`. A file of that name with other content is left alone.
 * @throws UsageError for a service that is not known
 */
export async function planCi(repository: Repository, program: Context['program'], service: string): Promise<Plan> {
  if (service !== 'github')
    throw new UsageError(`--ci knows github, not ${service}`, { hint: 'git comfy init --ci github' });
  const path = join(repository.top, githubPath);
  const content = await packageFile(program, githubTemplate);
  const text = (await readIfThere(path))?.toString('utf8');
  if (text === content) return nothing;
  if (text !== undefined) return { steps: [], remarks: [`${githubPath} is there with other content and stays`] };
  return { steps: [{ do: 'write', path, content, about: `write ${githubPath}` }], remarks: [] };
}

export async function planCiRemoval(repository: Repository, program: Context['program']): Promise<Plan> {
  const path = join(repository.top, githubPath);
  const text = (await readIfThere(path))?.toString('utf8');
  if (text === undefined || text !== (await packageFile(program, githubTemplate))) return nothing;
  return { steps: [{ do: 'remove', path, about: `remove ${githubPath}` }], remarks: [] };
}
