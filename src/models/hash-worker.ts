// Runs in a worker thread, see start-worker.ts: hashes whole files, or the tensors of one that another thread reads.
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { failureOf } from '../errors.js';
import { digestOf, hashBlocking } from './hash-content.js';
import { hashFile } from './hash-file.js';
import type { WorkerTask, WorkerWord } from './worker-messages.js';

/** Between two messages about progress. */
const bytesPerWord = 8 * 1024 * 1024;

const say = (word: WorkerWord) => parentPort?.postMessage(word);

async function hashWhole({ path, stop }: Extract<WorkerTask, { kind: 'file' }>): Promise<void> {
  let unsaid = 0;
  const onBytes = (count: number) => {
    unsaid += count;
    if (unsaid < bytesPerWord) return;
    say({ kind: 'bytes', count: unsaid });
    unsaid = 0;
  };
  const signal = {
    get aborted() {
      return Atomics.load(stop, 0) !== 0;
    },
  };
  try {
    const hashed = await hashFile(path, { signal, onBytes, hashContent: hashBlocking });
    say({ kind: 'bytes', count: unsaid });
    say({ kind: 'hashed', hashed });
  } catch (error) {
    say({ kind: 'failed', failure: failureOf(error) });
  }
}

let lane = { hash: createHash('sha256'), memory: new SharedArrayBuffer(0), slotSize: 0 };

function updateLane({ slot, from, to }: Extract<WorkerTask, { kind: 'update' }>): void {
  lane.hash.update(new Uint8Array(lane.memory, slot * lane.slotSize + from, to - from));
  say({ kind: 'free', slot });
}

function endLane(): void {
  say({ kind: 'digest', digest: digestOf(lane.hash) });
  lane = { ...lane, hash: createHash('sha256') };
}

function follow(task: WorkerTask): void {
  if (task.kind === 'file') void hashWhole(task);
  else if (task.kind === 'lane') lane = { ...task, hash: createHash('sha256') };
  else if (task.kind === 'update') updateLane(task);
  else if (task.kind === 'end') endLane();
  else parentPort?.close();
}

parentPort?.on('message', follow);
say({ kind: 'ready' });
