import { commandLine } from './build.js';
import { makeRepository, repositoryAt, type TestRepository } from './git.js';

const quoted = commandLine.map((word) => `"${word}"`).join(' ');

/** Sets the filter up as `init` does, but without its hooks and files. */
export function configureFilter(repository: TestRepository, kind: 'process' | 'one-shot' = 'process'): void {
  repository.git('config', 'filter.comfy.required', 'true');
  if (kind === 'process') repository.git('config', 'filter.comfy.process', `${quoted} filter-process`);
  repository.git('config', 'filter.comfy.clean', `${quoted} clean %f`);
  repository.git('config', 'filter.comfy.smudge', `${quoted} smudge %f`);
}

/** A repository whose JSON files are workflows, with the filter, and a first commit. */
export function filteredRepository(
  kind: 'process' | 'one-shot' = 'process',
  ...initArguments: string[]
): TestRepository {
  const repository = makeRepository(...initArguments);
  configureFilter(repository, kind);
  repository.commit({ '.gitattributes': '*.json -text filter=comfy\n' }, 'attributes');
  return repository;
}

/** A linked work tree of it on a branch of its own. */
export function linkedWorkTree(repository: TestRepository, path: string, branch: string): TestRepository {
  repository.git('worktree', 'add', '--quiet', '-b', branch, path);
  return repositoryAt(path);
}
