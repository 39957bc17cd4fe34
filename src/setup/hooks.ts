import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Context } from '../context.js';
import { readIfThere } from '../files/read.js';
import { gitText } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { blockOf, withBlock, withoutBlock } from './markers.js';
import { packageFile } from './package-files.js';
import { joinPlans, nothing, type Plan } from './plan.js';

/** `pre-push` only where somebody has asked for it. */
export const hookNames = [
  'pre-commit',
  'pre-merge-commit',
  'post-commit',
  'post-checkout',
  'post-merge',
  'pre-push',
] as const;
export type HookName = (typeof hookNames)[number];

/** Where git looks for hooks here, and whether other repositories look there too. */
interface HookFolder {
  readonly path: string;
  readonly shared: boolean;
  /** husky hands its hooks to sh: the bit that lets git run a file means nothing then. */
  readonly husky: boolean;
}

/** Puts our lines into each hook: a file of ours, or a block in a shell hook of others, or a remark with what to paste. */
export async function planHooks(
  repository: Repository,
  program: Context['program'],
  { prePush }: { readonly prePush: boolean },
): Promise<Plan> {
  const folder = await hookFolder(repository);
  const wanted = hookNames.filter((name) => prePush || name !== 'pre-push');
  const plans = wanted.map(async (name) => {
    const shim = await packageFile(program, `hooks/${name}`);
    return planHook(name, folder, shim);
  });
  return joinPlans(...(await Promise.all(plans)));
}

export async function planHooksRemoval(repository: Repository, program: Context['program']): Promise<Plan> {
  const folder = await hookFolder(repository);
  const plans = hookNames.map(async (name) => {
    const path = join(folder.path, name);
    const text = (await readIfThere(path))?.toString('utf8');
    if (text === undefined || blockOf(text) === undefined) return nothing;
    if (folder.shared)
      return { steps: [], remarks: [`${path} still has the lines of git comfy; other repositories use them`] };
    const own = text === (await packageFile(program, `hooks/${name}`)) || isOnlyBlock(text);
    const about = own ? `remove the hook ${name}` : `take our lines out of the hook ${name}`;
    return own ? removal(path, about) : writing(path, withoutBlock(text), about, false);
  });
  return joinPlans(...(await Promise.all(plans)));
}

const isOnlyBlock = (text: string) => /^(?:#!\/bin\/sh\n)?$/.test(withoutBlock(text));

const writing = (path: string, content: string, about: string, executable: boolean): Plan => ({
  steps: [{ do: 'write', path, content, executable, about }],
  remarks: [],
});
const removal = (path: string, about: string): Plan => ({ steps: [{ do: 'remove', path, about }], remarks: [] });

async function planHook(name: HookName, { path: folder, shared, husky }: HookFolder, shim: string): Promise<Plan> {
  const path = join(folder, name);
  const runs = (mode: number | undefined) => husky || isExecutable(mode);
  const info = await lstat(path).catch(() => undefined);
  const text = (await readIfThere(path))?.toString('utf8');
  const lines = blockOf(shim) ?? [];
  if (text !== undefined && blockOf(text)?.join('\n') === lines.join('\n') && runs(info?.mode)) return nothing;
  const paste = { steps: [], remarks: [pasteRemark(path, lines)] };
  if (shared) return paste;
  if (text === undefined) return info === undefined ? writing(path, shim, `install the hook ${name}`, true) : paste;
  if (blockOf(text) !== undefined)
    return writing(path, withBlock(text, lines, 'below-first-line'), `renew the hook ${name}`, !husky);
  // A link leads to a file that others use; a hook without the bit was switched off by somebody.
  if (info?.isFile() !== true || !runs(info.mode) || !isShell(text)) return paste;
  return writing(
    path,
    withBlock(text, lines, 'below-first-line'),
    `add our lines to the hook ${name}, which stays as it is`,
    false,
  );
}

const isExecutable = (mode: number | undefined) => process.platform === 'win32' || ((mode ?? 0) & 0o100) !== 0;

/** A hook without `#!` is run by sh too. */
const isShell = (text: string) =>
  !text.includes('\0') && (!text.startsWith('#!') || /^#!.*\b(?:ba|da|z|k|a)?sh\b/.test(text));

const pasteRemark = (path: string, lines: readonly string[]) =>
  `${path} is not ours to change; put these lines into it:\n${lines.map((line) => `  ${line}`).join('\n')}`;

/** As git finds it (`core.hooksPath`, relative to the top, or with `~`). */
async function hookFolder(repository: Repository): Promise<HookFolder> {
  const found = resolve(repository.top, await gitText(repository.top, ['rev-parse', '--git-path', 'hooks']));
  // husky owns the folder `_` and writes it again; the hooks of its users are one up.
  const husky = basename(found) === '_' && basename(dirname(found)) === '.husky';
  const path = husky ? dirname(found) : found;
  const inside = await Promise.all([repository.top, repository.commonDir].map((home) => isInside(path, home)));
  return { path, shared: !inside.includes(true), husky };
}

async function isInside(path: string, folder: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  const way = relative(await realpath(folder), real);
  return way !== '..' && !way.startsWith(`..${sep}`) && way !== real;
}
