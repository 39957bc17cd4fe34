// Damaged files through real git with our filter: added, committed, checked out again. No file may be missing, and each must be what was added.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {{ folder: string, program: string, count: number, damaged: (at: number) => Buffer }} wanted
 * @returns {string[]} what went wrong
 */
export function throughGit({ folder, program, count, damaged }) {
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  const git = (...args) =>
    execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  git('init', '--quiet');
  for (const [key, value] of Object.entries({
    'user.name': 'fuzz',
    'user.email': 'fuzz@example.org',
    'core.autocrlf': 'false',
  }))
    git('config', key, value);
  git('config', 'filter.comfy.process', `"${process.execPath}" "${program}" filter-process`);
  git('config', 'filter.comfy.required', 'true');
  writeFileSync(join(repository, '.gitattributes'), '*.json -text filter=comfy\n');
  const name = (at) => `${at}.json`;
  const write = () => {
    for (let at = 0; at < count; at++) writeFileSync(join(repository, name(at)), damaged(at));
  };
  write();
  git('add', '--all');
  git('commit', '--quiet', '-m', 'damaged');
  for (let at = 0; at < count; at++) rmSync(join(repository, name(at)));
  git('checkout', '--quiet', '--', '.');
  const missing = count + 1 - readdirSync(repository).filter((file) => file !== '.git').length;
  const problems = missing === 0 ? [] : [`${missing} files are missing after a checkout`];
  const changed = git('status', '--porcelain');
  if (changed !== '') problems.push(`changed after a checkout: ${changed.slice(0, 300)}`);
  const same = Array.from({ length: count }, (_, at) =>
    readFileSync(join(repository, name(at))).equals(damaged(at)),
  ).filter(Boolean).length;
  write();
  git('add', '--all');
  const lost = git('status', '--porcelain');
  if (lost !== '') problems.push(`not what was added: ${lost.slice(0, 300)}`);
  console.log(
    `${count} damaged files through git add and checkout; ${same} came back byte for byte, the others as the same graph`,
  );
  return problems;
}
