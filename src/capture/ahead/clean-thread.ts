import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MadeAhead } from '../taken-out.js';
import { allow, awaitSettled, type Claims, ring } from './claims.js';
import { type CleanTask, type CleanWord, madeOf } from './clean-messages.js';
import type { FileRow } from './file-row.js';

/** A second thread that cleans ahead of git. It has no events: the filter's own thread sleeps in reads. */
export interface CleanThread {
  /** Lets it go on from this file of this row. */
  goOn(row: FileRow, claims: Claims, from: number): void;
  /** Takes it off a row. */
  halt(claims: Claims): void;
  /** What it has made of this file, waiting while it is at it. */
  take(claims: Claims, index: number): MadeAhead | undefined;
  /** Resolves when it has ended; never in the middle of a file. */
  close(): Promise<void>;
}

/** How many files it may be ahead. */
const window = 16;
/** It is allowed to go on when it may be so far from its end: to wake it for each file costs both threads time. */
const soonOver = 8;
/** Milliseconds; whoever needs longer for a file of a megabyte is not alive any more. */
const patience = 1000;

/** @param program what the thread runs */
export function cleanThread(program: string): CleanThread {
  const made = new Map<number, MadeAhead>();
  let running: { readonly worker: Worker; readonly port: MessagePort; readonly ended: Promise<void> } | undefined;
  let task: CleanTask | undefined;
  let allowedTo = 0;
  let lost = false;
  const set = (row: FileRow, claims: Claims) => {
    if (task?.claims === claims) return;
    const before = task;
    task = { number: (before?.number ?? 0) + 1, row, claims };
    allowedTo = 0;
    made.clear();
    if (running === undefined) running = start(program, task);
    else running.port.postMessage(task);
    if (before !== undefined) ring(before.claims);
  };
  const hear = () => {
    for (let word = nextWord(running); word !== undefined; word = nextWord(running))
      if (word.number === task?.number) made.set(word.index, madeOf(word));
  };
  return {
    goOn(row, claims, from) {
      if (lost) return;
      set(row, claims);
      if (from + soonOver > allowedTo) {
        allowedTo = from + window;
        allow(claims, from, allowedTo);
      }
      for (const index of made.keys()) if (index < from) made.delete(index);
    },
    halt(claims) {
      allowedTo = 0;
      allow(claims, 0, 0);
    },
    take(claims, index) {
      if (lost || task?.claims !== claims) return undefined;
      lost = !awaitSettled(claims, index, patience);
      hear();
      const found = made.get(index);
      made.delete(index);
      return found;
    },
    async close() {
      if (running === undefined || task === undefined) return;
      running.port.postMessage('end');
      ring(task.claims);
      // Unlike before, the process is not to end without it.
      running.worker.ref();
      await running.ended;
    },
  };
}

function start(program: string, task: CleanTask) {
  const { port1: port, port2 } = new MessageChannel();
  // Nothing of it goes through our stdout: to open that as a stream would make git's pipe one that does not wait.
  const quiet = { stdout: true, stderr: true, execArgv: [] };
  const worker = new Worker(program, { ...quiet, workerData: { port: port2, task }, transferList: [port2] });
  // Without its help everything still goes on.
  worker.on('error', () => {});
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.unref();
  return { worker, port, ended };
}

const nextWord = (running: { readonly port: MessagePort } | undefined): CleanWord | undefined =>
  running && (receiveMessageOnPort(running.port)?.message as CleanWord | undefined);
