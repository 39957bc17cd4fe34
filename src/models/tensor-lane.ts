import type { Digest } from '../lock/entries.js';
import { type HashWorker, startHashWorker } from './start-worker.js';

/** A second digest of what another thread reads: hashed on a worker, out of memory that both see. */
export interface TensorLane {
  /** To read into, in turn. */
  readonly buffers: readonly Buffer[];
  /** Resolves when the lane is done with a buffer. */
  readonly free: (slot: number) => Promise<void> | undefined;
  /** Hands over bytes of a buffer, which must not change until it is free again. */
  readonly update: (slot: number, from: number, to: number) => void;
  /** What was handed over, hashed; the lane begins anew. */
  readonly end: () => Promise<Digest>;
  readonly close: () => void;
}

/** All the memory that a file of any size takes. */
const slots = 12;

/** `undefined` where there can be no worker: then one thread has to do both. */
export async function startTensorLane(slotSize: number): Promise<TensorLane | undefined> {
  const worker = await startHashWorker();
  return worker === undefined ? undefined : laneOn(worker, slotSize);
}

function laneOn(worker: HashWorker, slotSize: number): TensorLane {
  const memory = new SharedArrayBuffer(slots * slotSize);
  const pending = new Map<number, { readonly promise: Promise<void>; readonly done: () => void }>();
  let onDigest: (digest: Digest) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits on the lane hears of it; nobody waits when the lane is closed.
  failed.catch(() => {});
  worker.listen((word) => {
    if (word.kind === 'digest') onDigest(word.digest);
    if (word.kind !== 'free') return;
    pending.get(word.slot)?.done();
    pending.delete(word.slot);
  }, fail);
  worker.tell({ kind: 'lane', memory, slotSize });
  return {
    buffers: Array.from({ length: slots }, (_, slot) => Buffer.from(memory, slot * slotSize, slotSize)),
    free(slot) {
      const used = pending.get(slot);
      return used === undefined ? undefined : Promise.race([used.promise, failed]);
    },
    update(slot, from, to) {
      let done = () => {};
      const promise = new Promise<void>((resolve) => {
        done = resolve;
      });
      pending.set(slot, { promise, done });
      worker.tell({ kind: 'update', slot, from, to });
    },
    async end() {
      const digest = new Promise<Digest>((resolve) => {
        onDigest = resolve;
      });
      worker.tell({ kind: 'end' });
      return Promise.race([digest, failed]);
    },
    close: worker.end,
  };
}
