import { lookAround } from '../capture/look-around.js';
import type { Surroundings } from '../capture/surroundings.js';
import { serverName } from '../comfyui/server-address.js';
import type { Context } from '../context.js';
import { ComfyError, Interrupted } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { checkCapturePack } from './capture-pack.js';
import type { Finding } from './finding.js';

/** Milliseconds that a server gets to answer: it is good to know, and no part of the setup. */
const patience = 1000;

/** Where ComfyUI's files and its server are, as every command finds them. */
export async function checkComfyui(
  repository: Repository,
  { cwd, env, signal, program }: Pick<Context, 'cwd' | 'env' | 'signal' | 'program'>,
): Promise<Finding[]> {
  try {
    const around = await lookAround(repository, { cwd, env, signal, patience });
    const packs = await checkCapturePack(repository, program, around.installation?.customNodes ?? []);
    return [filesOf(around), serverOf(around), ...packs];
  } catch (error) {
    if (!(error instanceof ComfyError) || error instanceof Interrupted) throw error;
    return [{ state: 'wrong', text: error.message, hint: error.hint ?? directory }];
  }
}

const directory = 'git config comfy.directory <folder of ComfyUI>';

function filesOf({ installation }: Surroundings): Finding {
  if (installation === undefined) return { state: 'note', text: "ComfyUI's folder is not known", hint: directory };
  const { root, output } = installation;
  const text = root === undefined ? `ComfyUI puts its outputs into ${output}` : `ComfyUI is in ${root}`;
  return { state: 'fine', text };
}

function serverOf({ server, version }: Surroundings): Finding {
  const name = version === undefined ? 'ComfyUI' : `ComfyUI ${version}`;
  if (server !== undefined) return { state: 'fine', text: `${name} answers at ${serverName(server)}` };
  const hint = 'start ComfyUI, or name its address: git config comfy.server http://host:port';
  return { state: 'note', text: 'no ComfyUI server answers', hint };
}
