import * as z from 'zod';
import { InputError } from '../errors.js';
import { byCodePoint, parseJson, toPlain } from '../workflow/json.js';
import { readYaml } from './yaml.js';
import type { YamlValue } from './yaml-value.js';

/** What ComfyUI-Manager writes down of an installation. */
export interface ManagerSnapshot {
  /** Commit; absent where ComfyUI is no clone. */
  readonly comfyui?: string;
  /** Clones: address to commit. */
  readonly clones: readonly SnapshotClone[];
  /** Packs from the registry: id to version. */
  readonly registry: ReadonlyMap<string, string>;
  /** Packs that are one file. */
  readonly files: readonly string[];
  /** How many Python packages it lists; the lock has no place for them, a recorded run has. */
  readonly packages: number;
}

export interface SnapshotClone {
  readonly url: string;
  /** Absent where Manager could not tell: it reads `.git/HEAD` by hand, and knows no packed refs and no work trees. */
  readonly commit?: string;
}

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const commit = z
  .string()
  .trim()
  .transform((text) => (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined));
const nothing = z.enum(['', 'null', '~']).transform(() => null);

const clone = z.object({ hash: z.union([commit, z.null()]).optional(), disabled: flag.optional() });
const file = z.object({ filename: z.string(), disabled: flag.optional() });
const empty = <T extends z.ZodType>(type: T) => z.union([type, nothing, z.null()]).optional();

const schema = z.object({
  comfyui: empty(commit),
  git_custom_nodes: empty(z.record(z.string(), clone)),
  cnr_custom_nodes: empty(z.record(z.string(), z.string())),
  file_custom_nodes: empty(z.array(file)),
  pips: empty(z.record(z.string(), z.unknown())),
});

/**
 * Reads a snapshot as ComfyUI-Manager (JSON) and its command line and comfy-cli (YAML, below `custom_nodes`) write it. What is disabled is
 * left out: ComfyUI does not load it.
 * @throws InputError `no-snapshot`
 */
export function readManagerSnapshot(text: string): ManagerSnapshot {
  const plain = parsed(text);
  const root = isRecord(plain) && isRecord(plain['custom_nodes']) ? { ...plain, ...plain['custom_nodes'] } : plain;
  if (!isRecord(root) || !['git_custom_nodes', 'cnr_custom_nodes', 'file_custom_nodes'].some((key) => key in root)) {
    throw noSnapshot('it names no custom nodes');
  }
  const result = schema.safeParse(root);
  if (!result.success)
    throw noSnapshot(`${result.error.issues[0]?.path.join(' > ')} is not as ComfyUI-Manager writes it`);
  const { comfyui, git_custom_nodes: clones, cnr_custom_nodes: ids, file_custom_nodes: files, pips } = result.data;
  return {
    ...(typeof comfyui === 'string' ? { comfyui } : {}),
    clones: Object.entries(clones ?? {})
      .filter(([, { disabled }]) => disabled !== true)
      .map(([url, { hash }]) => (typeof hash === 'string' ? { url, commit: hash } : { url })),
    registry: new Map(Object.entries(ids ?? {})),
    files: (files ?? []).filter(({ disabled }) => disabled !== true).map(({ filename }) => filename),
    packages: Object.keys(pips ?? {}).length,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return plainYaml(readYaml(text, noSnapshot));
  try {
    return toPlain(parseJson(text));
  } catch (error) {
    throw noSnapshot((error as Error).message);
  }
}

function plainYaml(value: YamlValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plainYaml(member)]));
  return Array.isArray(value) ? value.map(plainYaml) : value;
}

const noSnapshot = (problem: string) =>
  new InputError('no-snapshot', `that is no snapshot of ComfyUI-Manager: ${problem}`, {
    hint: "it keeps them in ComfyUI's user folder, below __manager/snapshots or default/ComfyUI-Manager/snapshots",
  });

/** The text that ComfyUI-Manager restores from. */
export function writeManagerSnapshot({ comfyui, clones, registry, files }: Omit<ManagerSnapshot, 'packages'>): string {
  const sorted = [...clones].sort((a, b) => byCodePoint(a.url, b.url));
  const ids = [...registry].sort(([a], [b]) => byCodePoint(a, b));
  const snapshot = {
    comfyui: comfyui ?? null,
    git_custom_nodes: Object.fromEntries(sorted.map(({ url, commit: hash }) => [url, { hash, disabled: false }])),
    cnr_custom_nodes: Object.fromEntries(ids),
    file_custom_nodes: files.map((filename) => ({ filename, disabled: false })),
    pips: {},
  };
  return `${JSON.stringify(snapshot, undefined, 2)}\n`;
}
