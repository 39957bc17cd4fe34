// Runs in a worker thread, see look-pool.ts: reads outputs, hashes them and decodes their pictures.
import { parentPort } from 'node:worker_threads';
import { failureOf } from '../../errors.js';
import type { CloseTask } from '../../files/start-thread.js';
import { lookAtFile } from './look-at-file.js';
import type { LookTask, LookWord } from './look-messages.js';

const say = (word: LookWord) => parentPort?.postMessage(word);

let answer: (goOn: boolean) => void = () => {};

function ask(sha256: string): Promise<boolean> {
  const answered = new Promise<boolean>((resolve) => {
    answer = resolve;
  });
  say({ kind: 'hashed', sha256 });
  return answered;
}

function follow(task: LookTask | CloseTask): void {
  if (task.kind === 'close') parentPort?.close();
  else if (task.kind === 'answer') answer(task.goOn);
  else
    lookAtFile(task.path, ask).then(
      (look) => say({ kind: 'looked', look }),
      (error: unknown) => say({ kind: 'failed', failure: failureOf(error) }),
    );
}

parentPort?.on('message', follow);
say({ kind: 'ready' });
