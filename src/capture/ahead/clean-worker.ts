import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { takeOut } from '../taken-out.js';
import { awaitBell, type Claims, claimAllowed, heardBell, settle } from './claims.js';
import { type CleanTask, type CleanWord, wordOf } from './clean-messages.js';
import { type FileRow, readInRow } from './file-row.js';

// What the second thread of the filter runs: it cleans the files of a row ahead of git, as far as it is allowed.

const { port, task } = workerData as { port: MessagePort; task: CleanTask };

let now: CleanTask | undefined = task;
while (now !== undefined) now = work(now);
port.close();

/** Works on a row until there is another one, or none. */
function work({ claims, row, ...which }: CleanTask): CleanTask | undefined {
  for (;;) {
    const heard = heardBell(claims);
    const next = receiveMessageOnPort(port)?.message as CleanTask | 'end' | undefined;
    if (next !== undefined) return next === 'end' ? undefined : next;
    const index = claimAllowed(claims);
    if (index === undefined) awaitBell(claims, heard);
    else cleanOne(claims, row, index, which.number);
  }
}

function cleanOne(claims: Claims, row: FileRow, index: number, number: number): void {
  try {
    const file = readInRow(row, index);
    if (file === undefined) return;
    const word: CleanWord = { number, index, ...wordOf(file, takeOut(file)) };
    port.postMessage(word, [word.bytes.buffer as ArrayBuffer]);
  } finally {
    settle(claims, index);
  }
}
