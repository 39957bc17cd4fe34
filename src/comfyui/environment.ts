import type { Environment } from '../lineage/state.js';
import { isArray, isObject, type Json, type JsonObject, stringsIn, toDouble } from '../workflow/json.js';

/** What a server's `/system_stats` says about where it runs. Paths, ports and addresses are left out. */
export function environmentOf(stats: JsonObject): Environment {
  const system = objectAt(stats, 'system');
  const devices = isArray(stats.get('devices')) ? (stats.get('devices') as Json[]).filter(isObject) : [];
  const vram = toDouble(devices[0]?.get('vram_total'));
  return {
    ...named('comfyui', text(system.get('comfyui_version'))),
    ...named('python', text(system.get('python_version'))),
    ...named('torch', text(system.get('pytorch_version'))),
    ...named('os', text(system.get('os'))),
    devices: devices.map((device) => deviceName(device)).filter((name) => name !== ''),
    ...(vram === undefined ? {} : { vramTotal: vram }),
    arguments: plainArguments(stringsIn(system.get('argv')).slice(1)),
    ...(system.get('simulated') === true ? { simulated: true as const } : {}),
  };
}

const named = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value });

const text = (value: Json | undefined) => (typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined);

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object.get(key);
  return isObject(value) ? value : new Map();
}

/** A CUDA device is called `cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync`; the CPU is `cpu`. */
const deviceName = (device: JsonObject) => text(device.get('name')) ?? text(device.get('type')) ?? '';

/** Arguments whose value is a folder, a file, an address or a key: of that machine, and nobody's business. */
const privateValue =
  /^--.*(?:director|path|root|url|file|key|cert|token|secret|passw|auth|credential|listen|port$|header|host|config|database|front-end|api-base|proxy)/;

/** Arguments after the program's own name, without what is private. */
export function plainArguments(words: readonly string[]): string[] {
  const kept: string[] = [];
  let skipping = false;
  for (const word of words) {
    const [option = ''] = word.split('=');
    if (word.startsWith('--')) skipping = privateValue.test(option);
    if (!skipping && !/[/\\]/.test(word)) kept.push(word.slice(0, 200));
  }
  return kept;
}
