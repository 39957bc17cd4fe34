import * as z from 'zod';
import type { Dependencies } from '../lock/entries.js';
import { canonicalJson, fromPlain, type Json, type JsonObject, toPlain } from '../workflow/json.js';
import type { State } from './state.js';
import { damaged, nameDocument, parseDocument, type StoredDocument } from './stored-document.js';

const maps = ['models', 'packs', 'inputs', 'classes'] as const;

/** Canonical text, so that all runs that saw the same share one document. */
export function stateDocument(state: State): StoredDocument {
  const json: JsonObject = new Map<string, Json>([
    ['state', 1],
    ['environment', fromPlain(state.environment)],
  ]);
  if (state.observedBy !== undefined) json.set('observedBy', state.observedBy);
  if (state.comfyui !== undefined) json.set('comfyui', fromPlain(state.comfyui));
  for (const name of maps) {
    const entries = [...(state[name] as ReadonlyMap<string, unknown>)];
    json.set(name, new Map(entries.map(([key, entry]) => [key, fromPlain(entry)])));
  }
  return nameDocument('state', `${canonicalJson(json)}\n`);
}

const digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);
const strings = z.array(z.string());
const byName = <T extends z.ZodType>(entry: T) =>
  z.record(z.string(), entry).transform((record) => new Map(Object.entries(record)));

const model = z.object({
  digest: z.union([digest, z.enum(['unhashed', 'missing'])]),
  size: z.number().exactOptional(),
  tensors: digest.exactOptional(),
  guess: z.literal(true).exactOptional(),
  executed: z.literal(false).exactOptional(),
  sources: strings.exactOptional(),
  license: z.string().exactOptional(),
});

const pack = z.object({
  repository: z.string().exactOptional(),
  branch: z.string().exactOptional(),
  commit: z.string().exactOptional(),
  dirty: digest.exactOptional(),
  tree: digest.exactOptional(),
  registry: z.string().exactOptional(),
  version: z.string().exactOptional(),
  missing: z.literal(true).exactOptional(),
  disabled: z.literal(true).exactOptional(),
  guess: z.literal(true).exactOptional(),
  notCaptured: z.string().exactOptional(),
});

const environment = z.object({
  comfyui: z.string().exactOptional(),
  python: z.string().exactOptional(),
  torch: z.string().exactOptional(),
  os: z.string().exactOptional(),
  devices: strings.exactOptional(),
  vramTotal: z.number().exactOptional(),
  arguments: strings.exactOptional(),
  packages: z.record(z.string(), z.string()).exactOptional(),
  system: z.string().exactOptional(),
  cpu: z.string().exactOptional(),
  cuda: z.string().exactOptional(),
  rocm: z.string().exactOptional(),
  cudnn: z.string().exactOptional(),
  driver: z.string().exactOptional(),
  flags: z.record(z.string(), z.string()).exactOptional(),
  pack: z.string().exactOptional(),
  simulated: z.literal(true).exactOptional(),
  notCaptured: z.record(z.string(), z.string()).exactOptional(),
});

const schema = z.object({
  state: z.literal(1),
  observedBy: z.literal('pack').exactOptional(),
  environment,
  comfyui: pack.exactOptional(),
  models: byName(model),
  packs: byName(pack),
  inputs: byName(z.object({ digest: z.union([digest, z.literal('missing')]), guess: z.literal(true).exactOptional() })),
  classes: byName(z.object({ pack: z.string().exactOptional(), interface: z.string(), widgets: strings })),
});

/**
 * @throws InputError `state-newer`, `document-damaged`
 */
export function readState(text: string): State {
  const result = schema.safeParse(toPlain(parseDocument('state', text)));
  if (result.success) return result.data;
  throw damaged('state', result.error);
}

/** For a run of which nothing was observed. */
export const noDependencies: Dependencies = {
  models: new Map(),
  packs: new Map(),
  inputs: new Map(),
  classes: new Map(),
};
