import { basename } from 'node:path';
import type { Talk } from '../context.js';

interface Sized {
  readonly path: string;
  readonly size: number;
}

/** Tells how far hashing is: over all files, and in the largest of those that are being read. */
export interface HashProgress {
  readonly begin: (file: Sized) => void;
  readonly add: (file: Sized, count: number) => void;
  readonly end: (file: Sized) => void;
}

export function startHashProgress(files: readonly Sized[], talk: Talk): HashProgress {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const reading = new Map<Sized, number>();
  let read = 0;
  let finished = 0;
  const show = () => {
    const [largest] = [...reading].sort(([a], [b]) => b.size - a.size);
    const label = files.length === 1 ? 'hashing models' : `hashing models (${finished} of ${files.length} done)`;
    const part = largest === undefined ? {} : { part: partOf(...largest) };
    talk.progress({ label: 'hashing models', shown: label, done: read, total, unit: 'bytes', ...part });
  };
  return {
    begin: (file) => void reading.set(file, 0),
    add(file, count) {
      reading.set(file, (reading.get(file) ?? 0) + count);
      read += count;
      show();
    },
    end(file) {
      reading.delete(file);
      finished++;
      show();
    },
  };
}

const partOf = ({ path, size }: Sized, done: number) => ({ label: basename(path), done, total: size });
