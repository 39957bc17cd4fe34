import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { Talk } from '../context.js';
import { Interrupted } from '../errors.js';
import type { ModelEntry } from '../lock/entries.js';
import { isObject, toPlain, writeJson } from '../workflow/json.js';
import { replyJson } from './answers.js';
import { exchange } from './http.js';
import type { Server } from './server.js';

/** A model as the server's own folders and loaders name it. */
export interface NamedModel {
  readonly folder: string;
  readonly name: string;
}

export interface RemoteHashing {
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** How long to wait for what the server hashes; it goes on without us, and the next question finds it done. */
  readonly budgetMs?: number;
}

const path = '/gitcomfy/hash';
/** The pack refuses longer lists. */
const most = 500;
const pauseMs = 500;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.number().int().nonnegative();
const entrySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('done'), sha256: hex, tensors: hex.optional(), size }),
  z.object({ state: z.literal('pending'), size, done: size.optional() }),
  z.object({ state: z.literal('missing') }),
  z.object({ state: z.literal('outside') }),
  z.object({ state: z.literal('unreadable') }),
]);
type Told = z.infer<typeof entrySchema>;

/**
 * Hashes of models on a server's machine, from its capture pack (`POST /gitcomfy/hash`), in the order asked.
 * @returns `undefined` for a server without the pack; an entry is `undefined` where the pack says nothing of it
 * @throws ServerError; Interrupted
 */
export async function remoteHashes(
  server: Server,
  models: readonly NamedModel[],
  hashing: RemoteHashing,
): Promise<(ModelEntry | undefined)[] | undefined> {
  const until = hashing.budgetMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + hashing.budgetMs;
  const entries: (ModelEntry | undefined)[] = [];
  for (let at = 0; at < models.length; at += most) {
    const told = await askUntil(server, models.slice(at, at + most), until, hashing);
    if (told === undefined) return undefined;
    entries.push(...told.map(entryOf));
  }
  return entries;
}

async function askUntil(server: Server, models: readonly NamedModel[], until: number, { signal, talk }: RemoteHashing) {
  for (;;) {
    const told = await ask(server, models, signal);
    const pending = told?.flatMap((entry) => (entry?.state === 'pending' ? [entry] : [])) ?? [];
    if (pending.length === 0 || performance.now() + pauseMs > until) {
      talk.progress(undefined);
      return told;
    }
    const done = pending.reduce((sum, entry) => sum + (entry.done ?? 0), 0);
    const total = pending.reduce((sum, entry) => sum + entry.size, 0);
    talk.progress({ label: 'hashing models on the server', done, total, unit: 'bytes' });
    await wait(pauseMs, undefined, { signal }).catch(() => {
      throw new Interrupted();
    });
  }
}

async function ask(server: Server, models: readonly NamedModel[], signal: AbortSignal) {
  const json = writeJson(
    new Map([['models', models.map(({ folder, name }) => new Map(Object.entries({ folder, name })))]]),
  );
  const reply = await exchange(server, path, { json, signal, maxBytes: 4 * 1024 * 1024 });
  if (reply.status !== 200 || !reply.type.includes('json')) return undefined;
  const answer = replyJson(server, path, reply);
  const list = z
    .object({ models: z.array(z.unknown()).max(most) })
    .safeParse(toPlain(isObject(answer) ? answer : null));
  return list.success ? models.map((model, at) => sound(model, list.data.models[at])) : undefined;
}

/** An entry about another model than the one asked for, or of another shape, says nothing. */
function sound({ folder, name }: NamedModel, entry: unknown): Told | undefined {
  const about = z.object({ folder: z.literal(folder), name: z.literal(name) }).safeParse(entry);
  const told = entrySchema.safeParse(entry);
  return about.success && told.success ? told.data : undefined;
}

function entryOf(told: Told | undefined): ModelEntry | undefined {
  if (told === undefined || told.state === 'outside' || told.state === 'unreadable') return undefined;
  if (told.state === 'missing') return { digest: 'missing' };
  if (told.state === 'pending') return { digest: 'unhashed', size: told.size };
  const tensors = told.tensors === undefined ? {} : { tensors: `sha256:${told.tensors}` as const };
  return { digest: `sha256:${told.sha256}`, size: told.size, ...tensors };
}
