import { dirname } from 'node:path';
import type { Environment } from '../lineage/state.js';
import { askCapturePack, type CapturePack } from './capture-pack.js';
import { environmentOf } from './environment.js';
import type { Installation } from './installation.js';
import { type PythonFiles, readPythons } from './python-files.js';
import { type Asking, systemStats } from './requests.js';
import type { Server } from './server.js';

export interface EnvironmentSources extends Asking {
  /** ComfyUI's files, where the server is on this machine. */
  readonly installation?: Installation | undefined;
  /** `comfy.python` of git config. */
  readonly python?: string | undefined;
}

/**
 * Where a server runs, from everything that can tell: its own answer, its capture pack, and without one the files of its Python. What none tells is
 * absent, with the reason where there is more to say than that.
 * @throws ServerError as `systemStats`
 */
export async function serverEnvironment(server: Server, sources: EnvironmentSources): Promise<Environment> {
  const { installation, python, signal } = sources;
  const asking = signal === undefined ? {} : { signal };
  const told = environmentOf(await systemStats(server, asking));
  const pack = await askCapturePack(server, asking);
  if (pack !== undefined) return withPack(told, pack);
  if (installation === undefined) return told;
  const folders = [installation.root, dirname(installation.output)].filter((folder) => folder !== undefined);
  return { ...told, ...packagesFromDisk(told, await readPythons([...new Set(folders)], python)) };
}

/** Where both tell, the server's own words count, as they do without the pack. */
const withPack = (told: Environment, { environment }: CapturePack): Environment => ({ ...environment, ...told });

/** Another Python than the server's says nothing of it. */
function packagesFromDisk(told: Environment, pythons: readonly PythonFiles[]): Environment {
  const same = pythons.find((files) => isServers(files, told));
  if (same !== undefined) return { packages: same.packages };
  return { notCaptured: { packages: pythons.length === 0 ? noPython : otherPython } };
}

/** The server tells the version of its Python and of its torch. */
function isServers({ version, packages }: PythonFiles, { python, torch }: Environment): boolean {
  const samePython =
    version === undefined ||
    python === undefined ||
    `${python} `.startsWith(`${version} `) ||
    python.startsWith(`${version}.`);
  const there = packages['torch'];
  return samePython && there !== undefined && torch !== undefined && release(there) === release(torch);
}

/** `2.9.1` of `2.9.1+cu128`: builds are not always in the name of the metadata. */
const release = (version: string) => version.split('+')[0];

const noPython =
  "there is no capture pack, and the server's Python was not found (git config comfy.python <path of its python>)";
const otherPython =
  'there is no capture pack, and the Python that was found is not the one that the server runs (git config comfy.python)';
