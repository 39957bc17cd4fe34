import { homedir } from 'node:os';
import { GitError } from '../errors.js';
import { askGit, gitFailed, gitMaybe, runGit } from './exec.js';
import type { Repository } from './repository.js';

/** `undefined` where there is no such key. */
async function askConfig({ top }: Repository, question: readonly string[]): Promise<string | undefined> {
  const args = ['config', '--null', ...question];
  const result = await askGit(top, args);
  if (result.code > 1) throw gitFailed(args, result);
  return result.code === 0 ? result.stdout.toString('utf8') : undefined;
}

/** The value that git would use (all scopes, the last one wins); `undefined` where there is none. */
export async function getConfig(repository: Repository, key: string): Promise<string | undefined> {
  const found = await askConfig(repository, ['--get', key]);
  return found?.replace(/\0$/, '');
}

/** Every value of a key, of all scopes, in git's order. */
export async function getConfigAll(repository: Repository, key: string): Promise<string[]> {
  const found = await askConfig(repository, ['--get-all', key]);
  return found === undefined ? [] : found.split('\0').slice(0, -1);
}

/** As `getConfigAll` outside of any repository: what this user has for all of them. */
export async function getGlobalConfigAll(key: string): Promise<string[]> {
  const found = await askGit(homedir(), ['config', '--global', '--null', '--get-all', key]);
  return found.code === 0 ? found.stdout.toString('utf8').split('\0').slice(0, -1) : [];
}

/** Keys that fit a pattern (a regular expression of git's), each with the value that git would use, of all scopes. */
export async function getConfigMatching(repository: Repository, pattern: string): Promise<Map<string, string>> {
  const found = await askConfig(repository, ['--get-regexp', pattern]);
  const pairs = (found ?? '').split('\0').filter((entry) => entry.includes('\n'));
  return new Map(pairs.map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1)]));
}

/** The values of a key in this repository's own file only. */
export async function getLocalConfig(repository: Repository, key: string): Promise<string[]> {
  const found = await gitMaybe(repository.top, ['config', '--local', '--null', '--get-all', key]);
  return found === undefined ? [] : found.split('\0').slice(0, -1);
}

/** Writes this repository's own value; several values of the key become this one. */
export async function setConfig(repository: Repository, key: string, value: string): Promise<void> {
  await changeConfig(repository, ['--replace-all', key, value]);
}

/** Adds one value beside those that are there. */
export async function addConfig(repository: Repository, key: string, value: string): Promise<void> {
  await changeConfig(repository, ['--add', key, value]);
}

/** Takes out every value of the key, or only those that equal `value`; none there is fine. */
export async function unsetConfig(repository: Repository, key: string, value?: string): Promise<void> {
  const fixed = value === undefined ? [] : ['--fixed-value'];
  await changeConfig(repository, [...fixed, '--unset-all', key, ...(value === undefined ? [] : [value])], nothingThere);
}

/** Takes out a whole section (`filter.comfy`), header and all; none there is fine. */
export async function removeConfigSection(repository: Repository, section: string): Promise<void> {
  await changeConfig(repository, ['--remove-section', section], noSuchSection);
}

/** Exit codes of git-config(1). */
const nothingThere = 5;
const noSuchSection = 128;

async function changeConfig(repository: Repository, change: readonly string[], allowed = 0): Promise<void> {
  const args = ['config', '--local', ...change];
  const result = await runGit(repository.top, args);
  if (result.code === 0) return;
  if (result.code === allowed && !result.stderr.includes('lock')) return;
  throw configFailed(args, result);
}

function configFailed(args: readonly string[], result: Awaited<ReturnType<typeof runGit>>): GitError {
  if (!result.stderr.includes('could not lock')) return gitFailed(args, result);
  return new GitError('config-locked', 'the git configuration of this repository is locked by another program', {
    hint: 'close it, or remove .git/config.lock if no git is running, and try again',
  });
}
