import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type JsonObject, parseJson } from '../../workflow/json.js';
import { imageOf, numberOf, type SimulatedClass } from './node-class.js';
import { mapSamples } from './nodes/pictures.js';
import { randomFrom } from './paint.js';

/**
 * The classes of the packs in `custom_nodes/`. The simulator runs no Python: a pack takes part when it has a `simulated.json` beside its
 * code, with the interfaces of its classes (`/object_info` shape). Such a class takes `image` and `strength` and lays a grain
 * over the picture that is made from the bytes of the pack's code: other code, other pixels. Read once, as ComfyUI does.
 */
export async function readPacks(base: string): Promise<SimulatedClass[]> {
  const folder = join(base, 'custom_nodes');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const packs = entries.filter((entry) => entry.isDirectory() && !entry.name.endsWith('.disabled'));
  return (await Promise.all(packs.map(({ name }) => readPack(join(folder, name), name)))).flat();
}

async function readPack(folder: string, name: string): Promise<SimulatedClass[]> {
  const text = await readFile(join(folder, 'simulated.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const interfaces = parseJson(text);
  const code = await codeDigest(folder);
  return [...(isObject(interfaces) ? interfaces : [])].map(([className, info]) =>
    grainClass(className, new Map([...(isObject(info) ? info : []), ['python_module', `custom_nodes.${name}`]]), code),
  );
}

async function codeDigest(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.py')).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

function grainClass(name: string, info: JsonObject, code: string): SimulatedClass {
  return {
    name,
    info,
    run: async (inputs) => {
      const strength = numberOf(inputs, 'strength');
      const random = randomFrom(`${name} ${code}`);
      const grain = Float32Array.from({ length: 4096 }, () => random() - 0.5);
      const grained = (sample: number, at: number) =>
        Math.min(1, Math.max(0, sample + strength * 0.2 * (grain[Math.floor(at / 3) % grain.length] ?? 0)));
      return { outputs: [mapSamples(imageOf(inputs, 'image'), grained)] };
    },
  };
}
