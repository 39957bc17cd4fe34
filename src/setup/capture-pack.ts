import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lookAround } from '../capture/look-around.js';
import type { Context } from '../context.js';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import { getConfig } from '../git/config.js';
import type { Repository } from '../git/repository.js';
import type { Finding } from './finding.js';
import { packageFile } from './package-files.js';
import { nothing, type Plan } from './plan.js';

/** Its folder in `custom_nodes/`. */
export const capturePackFolder = 'git-comfy-capture';

const template = 'templates/capture-pack/__init__.py';
/** Remembers for `deinit` and `doctor` where it was put from here. */
const key = 'comfy.capturePack';
/** How the file begins, in every version of it. */
const mark = `"""git comfy's capture pack`;
/** How long a server may take to say where its folders are. */
const patience = 3000;

type Tools = Pick<Context, 'cwd' | 'env' | 'program' | 'signal'>;

/**
 * Puts the capture pack into ComfyUI's `custom_nodes`, or renews it there. What somebody else put into that folder is left alone.
 * @throws InputError `no-comfyui`, `other-capture-pack`, `newer-capture-pack`
 */
export async function planCapturePack(repository: Repository, { program, ...looking }: Tools): Promise<Plan> {
  const { installation } = await lookAround(repository, { ...looking, patience });
  const [customNodes] = installation?.customNodes ?? [];
  if (customNodes === undefined) {
    throw new InputError('no-comfyui', "ComfyUI's folder was not found, where the capture pack goes", {
      hint: 'git config comfy.directory <folder>, or start ComfyUI, then: git comfy init --capture-pack',
    });
  }
  const folder = join(customNodes, capturePackFolder);
  const content = await packageFile(program, template);
  const there = await readPack(folder);
  refuseOthers(folder, there, content);
  const remembered = (await getConfig(repository, key)) === folder;
  const about = `write the capture pack into ${folder} (restart ComfyUI to load it)`;
  const noting = 'note where the capture pack is';
  return {
    steps: [
      ...(there === content ? [] : [{ do: 'write', path: packFile(folder), content, about } as const]),
      ...(remembered ? [] : [{ do: 'set-config', key, value: folder, about: noting } as const]),
    ],
    remarks: [],
  };
}

function refuseOthers(folder: string, there: string | undefined, content: string): void {
  if (there === undefined) return;
  if (!there.startsWith(mark)) {
    throw new InputError('other-capture-pack', `${folder} holds something that is not the capture pack, and stays`, {
      hint: 'move it away, then: git comfy init --capture-pack',
    });
  }
  if (isOlder(content, there)) {
    throw new InputError(
      'newer-capture-pack',
      `the capture pack in ${folder} is version ${versionOf(there)}, newer than this program's ${versionOf(content)}`,
      { hint: 'npm install -g git-comfy' },
    );
  }
}

/** Takes the pack out that was put in from this repository; the run journal is data, and stays in ComfyUI's user folder. */
export async function planCapturePackRemoval(repository: Repository): Promise<Plan> {
  const folder = await getConfig(repository, key);
  if (folder === undefined) return nothing;
  const forget = { do: 'unset-config', key, about: 'forget where the capture pack is' } as const;
  const ours = basename(folder) === capturePackFolder && (await readPack(folder))?.startsWith(mark) === true;
  if (!ours) return { steps: [forget], remarks: [] };
  const about = `remove the capture pack from ${folder} (restart ComfyUI to unload it)`;
  const journal = join(dirname(dirname(folder)), 'user', '__gitcomfy');
  const kept = (await stat(journal).catch(() => undefined)) !== undefined;
  return {
    steps: [{ do: 'remove', path: folder, andEmptyParents: false, about }, forget],
    remarks: kept ? [`the run journal stays in ${journal}`] : [],
  };
}

/** Says of an installed pack whether it is the one that comes with this program. */
export async function checkCapturePack(
  repository: Repository,
  program: Context['program'],
  customNodes: readonly string[],
): Promise<Finding[]> {
  const noted = await getConfig(repository, key);
  const folders = [
    ...(noted === undefined ? [] : [noted]),
    ...customNodes.map((root) => join(root, capturePackFolder)),
  ];
  const content = await packageFile(program, template);
  const findings: Finding[] = [];
  for (const folder of new Set(folders)) {
    const there = await readPack(folder);
    if (there !== undefined) findings.push(findingOf(folder, there, content));
    else if (folder === noted) {
      const text = `the capture pack is no longer in ${folder}`;
      findings.push({ state: 'wrong', text, hint: 'git comfy init --capture-pack' });
    }
  }
  return findings;
}

function findingOf(folder: string, there: string, content: string): Finding {
  const what = `the capture pack in ${folder}`;
  if (there === content) return { state: 'fine', text: `${what} is version ${versionOf(there)}` };
  if (isOlder(there, content)) {
    const text = `${what} is version ${versionOf(there)}, and ${versionOf(content)} is here`;
    return { state: 'wrong', text, hint: 'git comfy init --capture-pack' };
  }
  const why = isOlder(content, there) ? 'newer than this program' : 'not as it comes with this program';
  return { state: 'note', text: `${what} (version ${versionOf(there)}) is ${why}` };
}

const packFile = (folder: string) => join(folder, '__init__.py');

const readPack = async (folder: string) => (await readIfThere(packFile(folder)))?.toString('utf8');

const versionOf = (text: string) => /^VERSION = "(\d+\.\d+\.\d+)"$/m.exec(text)?.[1] ?? 'unknown';

/** Numerically; one without a version is the oldest. */
function isOlder(a: string, b: string): boolean {
  const [before, after] = [a, b].map((text) => versionOf(text).split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const [left, right] = [before?.[at] || 0, after?.[at] || 0];
    if (left !== right) return left < right;
  }
  return false;
}
