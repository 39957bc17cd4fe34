import * as z from 'zod';
import { InputError } from '../../errors.js';
import { readLine } from '../../lineage/record-line.js';
import { readSnapshot } from '../../lineage/snapshot-document.js';
import { readState } from '../../lineage/state-document.js';
import type { Original } from '../original.js';

/** A variation for a worker on another machine, as text: numbers of prompts must survive every JSON on the way. */
export interface VariationJob {
  readonly job: 1;
  /** Id of the original's record, its line, and its documents, as the store has them. */
  readonly original: string;
  readonly record: string;
  readonly snapshot: string;
  readonly state?: string | undefined;
  readonly assignments: readonly { readonly place: string; readonly value: string }[];
  /** Inputs of the original by SHA-256, with the names that their files had; their bytes are in the queue's store. */
  readonly inputs: readonly { readonly sha256: string; readonly name: string }[];
}

/** What a worker made of it. Files are in the queue's store under their keys. */
export interface VariationResult {
  readonly result: 1;
  /** The worker's machine and its server: `render-2/127.0.0.1:8188`. */
  readonly server: string;
  readonly promptId: string;
  /** As its server executed it, and the workflow that was embedded; JSON. */
  readonly prompt: string;
  readonly workflow?: string | undefined;
  readonly executed?: readonly string[] | undefined;
  readonly cached?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly start?: string | undefined;
  /** Milliseconds. */
  readonly duration?: number | undefined;
  /** A state document: what it depended on there. */
  readonly state: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly node: string;
    readonly index: number;
    readonly sha256: string;
    readonly key: string;
  }[];
}

const hex = z.string().regex(/^[0-9a-f]{64}$/);
/** A name below a folder, and never above it. */
const below = z
  .string()
  .min(1)
  .max(1000)
  .refine((name) => !/^(?:[/\\]|[A-Za-z]:)|\0/.test(name) && !name.split(/[/\\]/).includes('..'));
const texts = z.array(z.string());

const jobSchema: z.ZodType<VariationJob> = z.object({
  job: z.literal(1),
  original: hex,
  record: z.string(),
  snapshot: z.string(),
  state: z.string().optional(),
  assignments: z.array(z.object({ place: z.string(), value: z.string() })),
  inputs: z.array(z.object({ sha256: hex, name: below })),
});

const resultSchema: z.ZodType<VariationResult> = z.object({
  result: z.literal(1),
  server: z.string(),
  promptId: z.string(),
  prompt: z.string(),
  workflow: z.string().optional(),
  executed: texts.optional(),
  cached: texts.optional(),
  start: z.iso.datetime().optional(),
  duration: z.number().optional(),
  state: z.string(),
  outputs: z.array(z.object({ name: below, node: z.string(), index: z.number().int(), sha256: hex, key: z.string() })),
});

/** @throws InputError `queue-job` */
export const readJob = (text: string): VariationJob => read(jobSchema, text);

/** @throws InputError `queue-job` */
export const readResult = (text: string): VariationResult => read(resultSchema, text);

function read<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InputError('queue-job', 'the queue holds something that this git comfy does not understand', {
      hint: 'the same version of git-comfy is needed on every machine that shares a queue',
      cause,
    });
  }
}

/**
 * The original as it was sent along.
 * @throws InputError `queue-job`, `snapshot-newer`, `document-damaged`
 */
export function originalOf({ original: id, record: line, snapshot, state }: VariationJob): Original {
  const entry = readLine(line);
  if (entry.kind !== 'record') throw new InputError('queue-job', 'a job of the queue names no record');
  const record = entry.value;
  return {
    id,
    record,
    how: 'record',
    outputs: record.outputs,
    snapshot: readSnapshot(snapshot),
    ...(state === undefined ? {} : { state: readState(state) }),
  };
}
