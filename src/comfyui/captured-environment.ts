import * as z from 'zod';
import type { Environment } from '../lineage/state.js';
import type { PackEntry } from '../lock/entries.js';
import { type Json, toPlain } from '../workflow/json.js';
import { plainArguments } from './environment.js';

// What the capture pack tells of a machine, over HTTP and in its journal. It comes from another machine: bounded, and nothing is believed of its shape.

const word = z.string().max(300);
/** A damaged or overlong member is as good as none. */
const optionalWord = word.optional().catch(undefined);
const words = (most: number) =>
  z
    .record(z.string().max(200), word)
    .refine((record) => Object.keys(record).length <= most)
    .optional()
    .catch(undefined);

const environmentSchema = z.object({
  comfyui: optionalWord,
  python: optionalWord,
  torch: optionalWord,
  os: optionalWord,
  system: optionalWord,
  cpu: optionalWord,
  cuda: optionalWord,
  rocm: optionalWord,
  cudnn: optionalWord,
  driver: optionalWord,
  device: optionalWord,
  vramTotal: z.number().nonnegative().optional().catch(undefined),
  arguments: z.array(z.string()).max(1000).optional().catch(undefined),
  packages: words(5000),
  flags: words(200),
});

/** The environment in an answer or a journal line; an empty one where there is none. */
export function capturedEnvironment(json: Json | undefined, pack: string): Environment {
  const result = environmentSchema.safeParse(toPlain(json ?? null));
  const { device, arguments: argv, ...told } = result.success ? result.data : {};
  return {
    ...present(told),
    ...(device === undefined ? {} : { devices: [device] }),
    ...(argv === undefined ? {} : { arguments: plainArguments(argv) }),
    pack: pack.slice(0, 40),
  };
}

const digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);
const packSchema = z.object({
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
    .optional()
    .catch(undefined),
  repository: optionalWord,
  tree: digest.optional().catch(undefined),
  registry: optionalWord,
  version: optionalWord,
  edited: z.boolean().optional().catch(undefined),
});

/** The capture pack sees that tracked files differ, and does not hash how. */
const editedWords = 'edited locally; how, the capture pack does not tell';

/** A pack, or ComfyUI itself, as the capture pack tells of it. */
export function capturedCode(json: Json | undefined): PackEntry {
  const result = packSchema.safeParse(toPlain(json ?? null));
  const { edited, ...told } = result.success ? result.data : {};
  const facts = present(told);
  if (edited === true) return { ...facts, notCaptured: editedWords };
  return 'commit' in facts || 'tree' in facts
    ? facts
    : { ...facts, notCaptured: 'the capture pack found no commit of it' };
}

function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
