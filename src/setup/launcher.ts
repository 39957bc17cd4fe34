import { join } from 'node:path';
import type { Context } from '../context.js';
import { readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { nothing, type Plan } from './plan.js';

/** Shared by all linked work trees, and found by git's own shell from any of them. */
const launcherPath = (repository: Repository) => comfyPath(repository, 'run');

/**
 * What git runs, at the top of the work tree, for filters and drivers: no path of this machine, so a moved or copied repository still works; only a
 * linked work tree has to ask where the repository is. `exec`: our parent is git itself, by which textconv finds what its filter left for it.
 */
export const launcherCommand = (rest: string) =>
  `c=.git; test -x $c/comfy/run || c=$(git rev-parse --git-common-dir); exec "$c/comfy/run" ${rest}`;

/** Node and script as they are now; written again when either has moved. */
export async function planLauncher(repository: Repository, program: Context['program']): Promise<Plan> {
  const content = launcherText(program);
  const path = launcherPath(repository);
  if ((await readIfThere(path))?.toString('utf8') === content) return nothing;
  const about = 'write the launcher that starts git comfy where Node.js is not on PATH';
  return { steps: [{ do: 'write', path, content, executable: true, about }], remarks: [] };
}

export async function planLauncherRemoval(repository: Repository): Promise<Plan> {
  const path = launcherPath(repository);
  if ((await readIfThere(path)) === undefined) return nothing;
  return { steps: [{ do: 'remove', path, about: 'remove the launcher' }], remarks: [] };
}

const home = '$HOME';

/** Where version managers and installers put Node.js, by shell pattern. */
const usualPlaces = [
  `${home}/.volta/bin/node`,
  `${home}/.nvm/versions/node/*/bin/node`,
  `${home}/.fnm/node-versions/*/installation/bin/node`,
  `${home}/.local/share/fnm/node-versions/*/installation/bin/node`,
  `${home}/.asdf/shims/node`,
  '/opt/homebrew/bin/node',
  '/usr/local/bin/node',
  '/usr/bin/node',
  '"/c/Program Files/nodejs/node.exe"',
];

/** POSIX sh, because git runs filters and hooks through its own sh on every system. */
function launcherText({ node, script }: Context['program']): string {
  return `#!/bin/sh
# Written by git comfy init: starts git comfy for git, also where neither it nor Node.js is on PATH (GUI clients).
node=\${GIT_COMFY_NODE:-${scriptPath(node)}}
script=${scriptPath(script)}
if [ ! -x "$node" ]; then
  node=$(command -v node)
  for place in ${usualPlaces.join(' ')}; do
    [ -n "$node" ] || { [ ! -x "$place" ] || node=$place; }
  done
fi
if [ -n "$node" ] && [ ! -f "$script" ]; then
  bin=\${node%/*}
  for place in "$bin/../lib/node_modules" "$bin/node_modules"; do
    [ -f "$script" ] || script=$place/git-comfy/dist/git-comfy.cjs
  done
fi
if [ -n "$node" ] && [ -f "$script" ]; then exec "$node" "$script" "$@"; fi
if command -v git-comfy >/dev/null 2>&1; then exec git-comfy "$@"; fi
echo 'git comfy: Node.js or git comfy has moved; install it (npm install -g git-comfy), then: git comfy init' >&2
echo 'git comfy: to use this repository without it: git config --remove-section filter.comfy' >&2
exit 127
`;
}

/** A path of this machine in a script for sh; git's sh on Windows takes forward slashes. */
export const scriptPath = (path: string) => `'${path.replaceAll('\\', '/').replaceAll("'", `'\\''`)}'`;

/** A path that only stands in `npx`'s cache goes away some day. */
export const isPassing = (program: Context['program']) => join(program.script).split(/[\\/]/).includes('_npx');
