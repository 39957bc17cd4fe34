import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const time = z.iso.datetime();
const count = z.number().int().nonnegative();

const metrics = z.object({
  comparable: z.boolean(),
  equal: z.boolean(),
  largest: z.number().exactOptional(),
  psnr: z.number().exactOptional(),
  ssim: z.number().exactOptional(),
  worstTile: z.object({ ssim: z.number(), x: count, y: count }).exactOptional(),
});

const output = z.object({
  name: z.string(),
  sha256,
  pixels: sha256.exactOptional(),
  width: count.exactOptional(),
  height: count.exactOptional(),
  bytes: count,
  node: z.string(),
  index: count,
  temp: z.literal(true).exactOptional(),
});

/** The lines of lineage as this version knows them; members that it does not know are allowed and stay in the line's text. */
export const recordSchema = z.object({
  record: z.literal(1),
  commit: objectId.exactOptional(),
  workflow: z.object({ path: z.string(), blob: objectId }).exactOptional(),
  lock: objectId.exactOptional(),
  match: z.enum(['exact', 'seeds', 'derived', 'uncommitted']),
  differs: z.array(z.string()).exactOptional(),
  outputs: z.array(output),
  seeds: z.record(z.string(), z.string()),
  prompt: z.string().exactOptional(),
  start: time.exactOptional(),
  duration: z.number().nonnegative().exactOptional(),
  server: z.string().exactOptional(),
  snapshot: sha256,
  state: sha256.exactOptional(),
  normal: objectId.exactOptional(),
  identity: z.string().exactOptional(),
  captured: z.enum(['run', 'pack', 'embedded']),
  cachedFrom: sha256.exactOptional(),
  fromCache: z.literal(true).exactOptional(),
  inferred: z.literal(true).exactOptional(),
  reproduces: sha256.exactOptional(),
  varies: sha256.exactOptional(),
  grade: z.enum(['full', 'approximate', 'partial']).exactOptional(),
  metrics: metrics.exactOptional(),
  time,
});

export const labelSchema = z.object({ label: z.literal(1), name: z.string(), of: sha256, time });

export const tombstoneSchema = z.object({
  tombstone: z.literal(1),
  of: sha256,
  prompt: z.string().exactOptional(),
  time,
});
