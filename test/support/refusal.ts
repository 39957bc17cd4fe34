// How a refusal has to look from outside: words, code, envelope, and nothing changed.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ran, runProgram } from './build.js';
import { makeRepository, repositoryAt, type TestRepository } from './git.js';
import { smallWorkflow } from './workflow.js';

/** A repository that is set up, with one workflow committed. */
export async function readyRepository(...initArguments: string[]): Promise<TestRepository> {
  const repository = makeRepository(...initArguments);
  repository.write('workflows/small.json', smallWorkflow());
  await runProgram(repository.path, ['init']);
  repository.git('add', '.');
  repository.git('commit', '--quiet', '--no-verify', '-m', 'first');
  return repository;
}

/**
 * Every file below a folder with mode and content: refs, config, objects and journal too. Of the index what it lists, since git may
 * write anew when files were last looked at; and nothing of the cache.
 */
export function contentOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const info = lstatSync(join(folder, path));
    if (info.isDirectory() || path.startsWith(join('.git', 'comfy', 'cache'))) continue;
    if (path === join('.git', 'index')) found.set(path, repositoryAt(folder).git('ls-files', '--stage', '-v'));
    else if (info.isSymbolicLink()) found.set(path, readlinkSync(join(folder, path)));
    else found.set(path, `${info.mode} ${digest(readFileSync(join(folder, path)))}`);
  }
  return found;
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Runs a command that has to refuse, in words and as an envelope, and checks the manner of both. */
export async function refused(
  cwd: string,
  words: readonly string[],
  { env = {}, top = cwd, code = 2 }: { env?: Record<string, string>; top?: string; code?: number } = {},
): Promise<Ran> {
  const said = `git comfy ${words.join(' ')}`;
  const before = contentOf(top);
  const ran = await runProgram(cwd, words, env);
  expect.soft(ran, `${said}: ${ran.stderr}`).toMatchObject({ code, stdout: '' });
  // One sentence, and what to type next on a line of its own.
  expect.soft(ran.stderr, said).toMatch(/^git comfy: .+\n {2}\S.*\n$/m);
  const asData = await runProgram(cwd, [...words, '--json'], env);
  expect.soft(asData.code, `${said} --json`).toBe(code);
  const { error, ...rest } = JSON.parse(asData.stdout) as { error: { message: string; hint: string } };
  expect.soft(rest, said).toEqual({ schemaVersion: 1, command: words[0], ok: false });
  expect.soft(ran.stderr, said).toContain(`git comfy: ${error.message}\n  ${error.hint}\n`);
  expect.soft(contentOf(top), `${said} changed something`).toEqual(before);
  return ran;
}
