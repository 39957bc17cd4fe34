// Real git in temporary folders. Tests that need more than a repository make it with `git(...)`, as a person would.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRepository, type Repository } from '../../src/git/repository.js';

export interface TestRepository {
  readonly path: string;
  /** What git printed, without the final line break. */
  git(...args: string[]): string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  /** Writes, adds and commits files; returns the commit. */
  commit(files: Record<string, string | Uint8Array>, message?: string): string;
  open(): Promise<Repository>;
}

/** A folder that goes away with the test. */
export function temporaryFolder(name = 'git-comfy-test-'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), name)));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export function makeRepository(...initArguments: string[]): TestRepository {
  const path = join(temporaryFolder(), 'repository');
  mkdirSync(path);
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', ...initArguments], { cwd: path });
  return repositoryAt(path);
}

export function repositoryAt(path: string): TestRepository {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  const write = (file: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  };
  return {
    path,
    git,
    write,
    read: (file) => readFileSync(join(path, file), 'utf8'),
    commit(files, message = 'commit') {
      for (const [file, content] of Object.entries(files)) write(file, content);
      git('add', '--', ...Object.keys(files));
      git('commit', '--quiet', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    open: () => openRepository(path),
  };
}
