import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSimulator } from '../comfyui/simulator/start.js';
import type { Context } from '../context.js';
import { checkInterrupted } from '../errors.js';
import { git } from '../git/exec.js';
import { type DemoFolder, makeDemoFolder } from './demo-folder.js';
import { type DemoPiece, openShell, type Shell, type Typed } from './demo-shell.js';
import { keeper, makeItAgain, makePictures, setUp, threeWeeksPass } from './demo-story.js';

export type { DemoPiece } from './demo-shell.js';

export interface DemoResult {
  /** Stays, to look around in. */
  readonly folder: string;
  readonly project: string;
  readonly typed: readonly Typed[];
}

type Tools = Pick<Context, 'cwd' | 'env' | 'program' | 'signal' | 'output'>;

/**
 * Tells the story "three weeks later" on a simulated ComfyUI: real files, real git, the real commands with what they really print.
 * @param into a folder that does not exist yet; a temporary one where not given
 * @throws InputError `demo-folder`; Interrupted
 */
export async function runDemo(
  tools: Tools,
  into: string | undefined,
  show: (piece: DemoPiece) => Promise<void>,
): Promise<DemoResult> {
  const top = into === undefined ? await mkdtemp(join(tmpdir(), 'git-comfy-demo-')) : resolve(tools.cwd, into);
  const folder = await makeDemoFolder(top);
  await makePack(folder);
  const simulator = await startSimulator({ base: folder.comfyui });
  try {
    const shell = await openShell(folder, tools, show);
    await shell.say(
      `A simulated ComfyUI is running at ${simulator.url}: no GPU, no model, its pictures are patterns. All the rest is real.`,
    );
    await tell(folder, shell, simulator.url, tools.signal);
    await shell.act('Look around');
    await shell.say('The simulated ComfyUI ends here, and everything that was made stays. To look around in it:');
    await shell.propose([`git comfy show ${keeper}`, 'git comfy find lighthouse', 'git comfy diff HEAD~1 HEAD']);
    return { folder: top, project: folder.project, typed: shell.typed };
  } finally {
    await simulator.close();
  }
}

async function tell(folder: DemoFolder, shell: Shell, url: string, signal: AbortSignal): Promise<void> {
  await setUp(folder, shell, url);
  checkInterrupted(signal);
  await makePictures(folder, shell);
  checkInterrupted(signal);
  await threeWeeksPass(folder, shell);
  checkInterrupted(signal);
  await makeItAgain(folder, shell);
}

/** The pack is a git repository, as people clone them. */
async function makePack({ comfyui }: DemoFolder): Promise<void> {
  const pack = join(comfyui, 'custom_nodes/demo-grain');
  const identity = ['-c', 'user.name=Pack Author', '-c', 'user.email=pack@example.org', '-c', 'commit.gpgSign=false'];
  await git(pack, ['init', '--quiet', '--initial-branch=main']);
  await git(pack, ['add', '.']);
  await git(pack, [...identity, 'commit', '--quiet', '-m', 'Paper grain']);
  await git(pack, ['remote', 'add', 'origin', 'https://example.org/demo-grain.git']);
}
