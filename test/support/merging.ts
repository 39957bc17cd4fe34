// Two branches with other versions of the same files, and the real git that unites them with the real program.
import { spawnSync } from 'node:child_process';
import { conflictsCommand } from '../../src/commands/conflicts.js';
import { init } from '../../src/setup/init.js';
import { program } from './build.js';
import { captured } from './context.js';
import { makeRepository, type TestRepository } from './git.js';

export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Any exit code is an answer. */
export function tryGit(repository: TestRepository, ...args: string[]): Said {
  const done = spawnSync('git', args, { cwd: repository.path, encoding: 'utf8' });
  return { code: done.status, text: done.stdout + done.stderr };
}

/** A repository as `init` makes it, without its hooks: they ask for a lock. Workflows are below `flows/`. */
export async function mergingRepository(files: Record<string, string>): Promise<TestRepository> {
  const made = makeRepository();
  await setUp(made);
  made.git('add', '.');
  commitFiles(made, files, 'first');
  return made;
}

export async function setUp(repository: TestRepository): Promise<void> {
  const { context } = captured(repository.path, { program });
  await init(context, { track: ['flows/**/*.json'], nested: false, dryRun: false });
  repository.git('config', 'core.hooksPath', '/dev/null');
}

/** Writes, adds and commits; `undefined` takes a file out. */
export function commitFiles(
  repository: TestRepository,
  files: Record<string, string | undefined>,
  message: string,
): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) repository.git('rm', '--quiet', '--', path);
    else repository.write(path, content);
  }
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '-m', message);
}

/** Another version on a branch `theirs`, then one on `main`, where HEAD stays. */
export function diverge(
  repository: TestRepository,
  ours: Record<string, string | undefined>,
  theirs: Record<string, string | undefined>,
): void {
  repository.git('switch', '--quiet', '-c', 'theirs');
  commitFiles(repository, theirs, 'theirs');
  repository.git('switch', '--quiet', 'main');
  commitFiles(repository, ours, 'ours');
}

export interface Listed {
  readonly exit: number | undefined;
  readonly text: string;
  readonly result: {
    readonly doing?: string;
    readonly staged: readonly string[];
    readonly files: readonly {
      readonly path: string;
      readonly kind: string;
      readonly items: readonly Record<string, unknown>[];
    }[];
  };
}

/** `git comfy conflicts` */
export async function conflicts(
  repository: TestRepository,
  options: Record<string, boolean | readonly string[]> = {},
  args: readonly string[] = [],
): Promise<Listed> {
  const { context } = captured(repository.path, { program });
  const answer = await conflictsCommand.run(context, { args, options });
  return { exit: answer.exit, text: answer.text, result: JSON.parse(JSON.stringify(answer.result)) };
}

/** `who  what: ours | theirs` of every item. */
export const itemLines = ({ result }: Listed): string[] =>
  result.files.flatMap(({ items }) =>
    items.map(({ who, what, ours, theirs }) => `${who}  ${what}: ${ours} | ${theirs}`),
  );
