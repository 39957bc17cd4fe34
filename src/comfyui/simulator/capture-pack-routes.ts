import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromPlain, isArray, isObject, type Json } from '../../workflow/json.js';
import { listPacks } from '../packs.js';
import { digestOf, modelFiles } from './disk.js';
import { type Asked, bodyObject, empty, json, type Reply, unknownPath } from './reply.js';
import type { Simulation } from './simulation.js';

/** The capture pack's folder in `custom_nodes/`: the simulator serves what the pack serves while that is there. */
const folder = 'git-comfy-capture';

const isInstalled = async ({ base }: Simulation) =>
  (await stat(join(base, 'custom_nodes', folder)).catch(() => undefined)) !== undefined;

/** A machine that does not exist, and says so. */
const machine = {
  python: '3.11.7 (simulated)',
  torch: '2.9.1+simulated',
  os: 'linux',
  system: 'Simulated-1.0',
  cpu: 'simulated processor',
  device: 'cpu',
  arguments: ['--cpu'],
  packages: { numpy: '2.4.6', tokenizers: '0.23.3', torch: '2.9.1', transformers: '5.23.0' },
  flags: { 'cudnn.benchmark': 'false', attention: 'attention_simulated', threads: '1', vram_state: 'DISABLED' },
};

/** `GET /gitcomfy/environment`. */
export async function packEnvironment(simulation: Simulation, { headers }: Asked): Promise<Reply> {
  if (!(await isInstalled(simulation))) return unknownPath;
  if (isForeign(headers)) return empty(403);
  const customNodes = [join(simulation.base, 'custom_nodes')];
  const packs: Record<string, { commit?: string }> = {};
  for (const [name, { path }] of await listPacks({ customNodes })) packs[name] = await commitOf(path);
  return json(fromPlain({ pack: '1.0.0', environment: machine, comfyui: await commitOf(simulation.base), packs }));
}

/** Of a clone on a branch. */
async function commitOf(path: string): Promise<{ commit?: string }> {
  const text = async (name: string) => (await readFile(join(path, '.git', name), 'utf8').catch(() => '')).trim();
  const ref = /^ref: (refs\/.+)$/.exec(await text('HEAD'))?.[1];
  const commit = ref === undefined ? '' : await text(ref);
  return commit === '' ? {} : { commit };
}

/** `POST /gitcomfy/hash`: the first question begins the work, the next one waits for it. */
export async function packHashes(simulation: Simulation, asked: Asked): Promise<Reply> {
  if (!(await isInstalled(simulation))) return unknownPath;
  if (isForeign(asked.headers)) return empty(403);
  if (asked.headers['content-type'] !== 'application/json') return empty(415);
  const models = bodyObject(asked).get('models');
  const states: Json[] = [];
  for (const model of isArray(models) ? models : []) {
    const [type, name] = isObject(model) ? [model.get('folder'), model.get('name')] : [];
    if (typeof type !== 'string' || typeof name !== 'string') return empty(400);
    states.push(fromPlain({ folder: type, name, ...(await stateOf(simulation, type, name)) }));
  }
  return json(new Map([['models', states]]));
}

async function stateOf({ base, hashes }: Simulation, type: string, name: string) {
  const endings = type === 'embeddings' ? ['', '.safetensors', '.pt', '.bin'] : [''];
  const files = await modelFiles(base, type);
  const found = files.find((file) => endings.some((ending) => file.name === `${name}${ending}`));
  if (found === undefined) return { state: 'missing' };
  const { size } = await stat(found.path);
  const known = hashes.get(found.path);
  if (known !== undefined) return { state: 'done', size, sha256: await known };
  hashes.set(found.path, digestOf(found.path));
  return { state: 'pending', size, done: 0 };
}

const isForeign = ({ host, origin, 'sec-fetch-site': site }: Asked['headers']): boolean =>
  (site !== undefined && site !== 'none' && site !== 'same-origin') ||
  (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host);
