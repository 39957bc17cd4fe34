import type { Alter, Scene } from '../../support/scene.js';

export type Grade = 'full' | 'approximate' | 'partial';

/** What verify says of one side: the lock, or the record of the picture. `<id>` stands for twelve digits, `<path>` for any path. */
export interface Says {
  readonly grade: Grade;
  /** A line a difference; `*` is "the lock's" or "the record's". */
  readonly says: readonly string[];
}

/** One change to real files, to git, or to what the server answers, and what verify says of it. */
export interface Row extends Says {
  readonly what: string;
  readonly change?: (scene: Scene) => void;
  readonly alter?: Alter;
  /** Where the record says something else than the lock: what changed is in the environment, which a lock does not hold, or in the repository only. */
  readonly record?: Says;
}

export const nothing: Says = { grade: 'full', says: [] };

/** A change of the machine: a lock says nothing of it. */
export const machine = (what: string, alter: Alter, ...says: string[]): Row => ({
  what,
  alter,
  ...nothing,
  record: { grade: 'approximate', says },
});

/** Replaces a text in what the server answers to one path. */
export const answers =
  (path: string, before: string | RegExp, after: string): Alter =>
  (asked, text) =>
    asked.endsWith(path) ? text.replaceAll(before, after) : text;
