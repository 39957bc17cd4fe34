import { createHash } from 'node:crypto';
import type { CapturePack } from '../comfyui/capture-pack.js';
import { type RemoteHashing, remoteHashes } from '../comfyui/remote-hashes.js';
import type { Server } from '../comfyui/server.js';
import { serverFile } from '../comfyui/server-file.js';
import type { ClassEntry, Dependencies, InputEntry, ModelEntry, PackEntry } from '../lock/entries.js';
import { listedAs } from '../lock/listed-as.js';
import { type Known, unknownFolder } from '../lock/model-needs.js';
import { splitModelKey } from '../lock/model-words.js';
import type { Needs } from '../lock/needs.js';

/** What a server on another machine has told already. */
export interface Elsewhere {
  readonly server: Server | undefined;
  readonly known: Known | undefined;
  readonly classes: ReadonlyMap<string, ClassEntry>;
  readonly pack: CapturePack | undefined;
}

/**
 * What of the needs can be told of a server on another machine: which models it lists; their hashes and the commits of packs by its capture
 * pack, where it has one; input files by reading them from it.
 */
export async function observeRemote(
  needs: Needs,
  { known, classes, server, pack }: Elsewhere,
  hashing: RemoteHashing,
): Promise<Pick<Dependencies, 'models' | 'packs' | 'inputs'>> {
  const listed = listedModels(needs, known);
  if (server === undefined) return { models: listed, packs: new Map(), inputs: new Map() };
  const inputs = await remoteInputs(needs.inputs, server, hashing);
  if (pack === undefined) return { models: listed, packs: new Map(), inputs };
  const models = new Map([...listed, ...(await hashedModels(needs, known, listed, server, hashing))]);
  return { models, packs: remotePacks(needs, classes, pack), inputs };
}

/** A server elsewhere says which files it has, and nothing of what is in them. */
function listedModels(needs: Needs, known: Known | undefined): Map<string, ModelEntry> {
  const models = new Map<string, ModelEntry>();
  for (const key of needs.models.keys()) {
    const { folder, name } = splitModelKey(key);
    const names = known?.folders?.get(folder);
    if (names === undefined) continue;
    const listed = listedAs(folder, name, names);
    models.set(key, { digest: listed === undefined ? 'missing' : 'unhashed' });
  }
  return models;
}

/** What is named without extension is asked for by the name that the server lists; where no list has an embedding, the pack finds it as ComfyUI does. */
async function hashedModels(
  needs: Needs,
  known: Known | undefined,
  listed: ReadonlyMap<string, ModelEntry>,
  server: Server,
  hashing: RemoteHashing,
): Promise<Map<string, ModelEntry>> {
  const asName = (key: string) => {
    const { folder, name } = splitModelKey(key);
    return { folder, name: listedAs(folder, name, known?.folders?.get(folder) ?? []) ?? name };
  };
  const asked = [...needs.models.keys()].filter((key) => {
    const { folder } = splitModelKey(key);
    return folder !== unknownFolder && (folder === 'embeddings' || listed.get(key)?.digest !== 'missing');
  });
  const told = asked.length === 0 ? [] : await remoteHashes(server, asked.map(asName), hashing);
  return new Map(
    asked.flatMap((key, at) => {
      const entry = told?.[at];
      return entry === undefined ? [] : [[key, entry] as const];
    }),
  );
}

function remotePacks(
  needs: Needs,
  classes: ReadonlyMap<string, ClassEntry>,
  { packs }: CapturePack,
): Map<string, PackEntry> {
  const used = [...needs.classes].flatMap((name) => classes.get(name)?.pack ?? []);
  const names = [...new Set([...used, ...needs.packs])].filter((name) => name !== 'comfyui');
  // Classes of it are there, so it cannot be missing.
  const unlisted = (name: string): PackEntry =>
    used.includes(name) ? { notCaptured: 'the capture pack does not list it' } : { missing: true };
  return new Map(names.map((name) => [name, packs.get(name) ?? unlisted(name)]));
}

/** Read whole, as they are small next to models; where there is no time at all, not. */
async function remoteInputs(
  keys: ReadonlySet<string>,
  server: Server,
  { budgetMs, signal }: RemoteHashing,
): Promise<Map<string, InputEntry>> {
  const inputs = new Map<string, InputEntry>();
  if (budgetMs === 0) return inputs;
  for (const key of keys) {
    const [, name = key, folder = 'input'] = /^(.*) \[(output)\]$/s.exec(key) ?? [];
    const bytes = await serverFile(server, name, folder === 'output' ? 'output' : 'input', signal);
    const digest =
      bytes === undefined ? undefined : (`sha256:${createHash('sha256').update(bytes).digest('hex')}` as const);
    inputs.set(key, { digest: digest ?? 'missing' });
  }
  return inputs;
}
