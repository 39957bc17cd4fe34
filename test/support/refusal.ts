// How a refusal has to look from outside: words, code, envelope, and nothing changed.
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ran, runProgram } from './build.js';
import { repositoryAt, type TestRepository, temporaryFolder } from './git.js';
import { smallWorkflow } from './workflow.js';

/** By the arguments of `git init`. */
const templates = new Map<string, Promise<string>>();

/** A repository that is set up, with one workflow committed: a copy of one that a test file sets up once. */
export async function readyRepository(...initArguments: string[]): Promise<TestRepository> {
  const key = initArguments.join(' ');
  const template = templates.get(key) ?? makeTemplate(initArguments);
  templates.set(key, template);
  const path = join(temporaryFolder(), 'repository');
  cpSync(await template, path, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return repositoryAt(path);
}

async function makeTemplate(initArguments: readonly string[]): Promise<string> {
  // The home of a test file goes away with it.
  const path = mkdtempSync(join(process.env['HOME'] ?? '', 'template-'));
  const { git, write } = repositoryAt(path);
  git('init', '--quiet', '--initial-branch=main', ...initArguments);
  write('workflows/small.json', smallWorkflow());
  await runProgram(path, ['init']);
  git('add', '.');
  git('commit', '--quiet', '--no-verify', '-m', 'first');
  return path;
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
