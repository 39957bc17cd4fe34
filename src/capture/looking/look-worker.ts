// Runs in a worker thread, see look-pool.ts: reads outputs, hashes them and decodes their pictures.
import { parentPort } from 'node:worker_threads';
import { failureOf } from '../../errors.js';
import type { CloseTask } from '../../files/start-thread.js';
import { lookAtFile } from './look-at-file.js';
import type { LookTask, LookWord } from './look-messages.js';

const say = (word: LookWord) => parentPort?.postMessage(word);

parentPort?.on('message', (task: LookTask | CloseTask) => {
  if (task.kind === 'close') parentPort?.close();
  else
    lookAtFile(task.path).then(
      (look) => say({ kind: 'looked', look }),
      (error: unknown) => say({ kind: 'failed', failure: failureOf(error) }),
    );
});
say({ kind: 'ready' });
