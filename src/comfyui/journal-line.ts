import * as z from 'zod';
import { InputError } from '../errors.js';
import type { Environment } from '../lineage/state.js';
import type { InputEntry, ModelEntry, PackEntry } from '../lock/entries.js';
import { staysInside } from '../lock/model-needs.js';
import { isObject, type JsonObject, toPlain } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { capturedCode, capturedEnvironment } from './captured-environment.js';

/** One run as the capture pack wrote it down (docs/capture-pack.md has the format). */
export interface JournalRun {
  readonly promptId: string;
  readonly success: boolean;
  readonly start: Date;
  readonly end: Date;
  readonly prompt: JsonObject;
  readonly workflow?: JsonObject;
  readonly environment: Environment;
  /** Node ids. */
  readonly order: readonly string[];
  readonly cached: readonly string[];
  readonly models: ReadonlyMap<string, ModelEntry>;
  readonly inputs: ReadonlyMap<string, InputEntry>;
  readonly packs: ReadonlyMap<string, PackEntry>;
  readonly comfyui: PackEntry;
  readonly outputs: readonly JournalOutput[];
  /** Hashes that the pack had not finished when it wrote last. */
  readonly pending: boolean;
}

/** A file that an output node reported; without a hash where it was gone at once. */
export interface JournalOutput {
  readonly node: string;
  readonly index: number;
  /** Below the output folder, with `/`. */
  readonly name: string;
  readonly sha256?: string;
  readonly size?: number;
}

const id = z.string().min(1).max(200);
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.number().int().nonnegative();
const ids = z.array(id).max(100_000);
const hashes = z.object({
  sha256: hex.optional(),
  tensors: hex.optional(),
  size: size.optional(),
  changed: z.boolean().optional(),
});
type Hashes = z.infer<typeof hashes>;
const byKey = z.record(z.string().max(1000), hashes);

const runSchema = z.object({
  prompt_id: id,
  status: z.string(),
  start: z.number().positive(),
  end: z.number().positive(),
  prompt: id,
  environment: id,
  order: ids,
  cached: ids,
  models: byKey,
  inputs: byKey,
  outputs: z
    .array(
      z.object({
        node: id,
        index: size,
        name: z.string().min(1).max(2000),
        sha256: hex.optional(),
        size: size.optional(),
      }),
    )
    .max(100_000),
});

/** Hashes by model key that the pack finished after it had written the line of their run. */
export type LaterHashes = Readonly<Record<string, Hashes>>;

/** A line of the kind `hashes`. */
export function laterHashes(line: JsonObject): { readonly promptId: string; readonly models: LaterHashes } | undefined {
  const result = z.object({ prompt_id: id, models: byKey }).safeParse(toPlain(line));
  return result.success ? { promptId: result.data.prompt_id, models: result.data.models } : undefined;
}

/** `undefined` where the line is damaged, or what it points to is not in its file. */
export function runOf(
  line: JsonObject,
  documents: ReadonlyMap<string, JsonObject>,
  completed: ReadonlyMap<string, LaterHashes>,
): JournalRun | undefined {
  const result = runSchema.safeParse(toPlain(line));
  if (!result.success) return undefined;
  const { data } = result;
  const document = documents.get(data.prompt);
  const about = documents.get(data.environment);
  const [prompt, workflow] = [document?.get('prompt'), document?.get('workflow')];
  if (!isObject(prompt) || !isSound(prompt) || about === undefined) return undefined;
  const pack = about.get('pack');
  const later = completed.get(data.prompt_id) ?? {};
  const models = Object.entries(data.models).map(([key, entry]) => [key, { ...entry, ...later[key] }] as const);
  const packs = line.get('packs');
  return {
    promptId: data.prompt_id,
    success: data.status === 'success',
    start: new Date(data.start),
    end: new Date(data.end),
    prompt,
    ...(isObject(workflow) ? { workflow } : {}),
    environment: capturedEnvironment(about.get('environment'), typeof pack === 'string' ? pack : 'unknown'),
    order: data.order,
    cached: data.cached,
    models: new Map(models.filter(([key]) => isKey(key)).map(([key, entry]) => [key, modelOf(entry)])),
    inputs: inputsOf(data.inputs),
    packs: new Map((isObject(packs) ? [...packs] : []).map(([name, entry]) => [name, capturedCode(entry)])),
    comfyui: capturedCode(line.get('comfyui')),
    outputs: data.outputs.filter(({ name }) => staysInside(name)).map(present),
    pending: models.some(([, entry]) => entry.sha256 === undefined && entry.changed !== true),
  };
}

function isSound(prompt: JsonObject): boolean {
  try {
    return readPrompt(prompt).source === prompt;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

const isKey = (key: string) => /^[^/]+\/./.test(key) && staysInside(key);

/** One that was replaced before it could be hashed stays unhashed: its size is all that is known of what was loaded. */
const modelOf = ({ sha256, tensors, size: bytes }: Hashes): ModelEntry => ({
  digest: sha256 === undefined ? 'unhashed' : `sha256:${sha256}`,
  ...(bytes === undefined ? {} : { size: bytes }),
  ...(tensors === undefined ? {} : { tensors: `sha256:${tensors}` }),
});

function inputsOf(inputs: Record<string, Hashes>): Map<string, InputEntry> {
  const known = Object.entries(inputs).filter(([key, { sha256 }]) => sha256 !== undefined && staysInside(key));
  return new Map(known.map(([key, { sha256 }]) => [key, { digest: `sha256:${sha256}` }]));
}

const present = ({
  node,
  index,
  name,
  sha256,
  size: bytes,
}: z.infer<typeof runSchema>['outputs'][number]): JournalOutput => ({
  node,
  index,
  name,
  ...(sha256 === undefined ? {} : { sha256 }),
  ...(bytes === undefined ? {} : { size: bytes }),
});
