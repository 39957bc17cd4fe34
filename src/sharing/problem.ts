/** Something that must not be committed, or not be merged, as it is. */
export interface Problem {
  readonly path: string;
  /** The entry of the lock that it is about. */
  readonly key?: string;
  readonly code:
    | 'not-normal-form'
    | 'not-locked'
    | 'not-a-workflow'
    | 'unhashed'
    | 'unsound-address'
    | 'stale'
    | 'lock-not-canonical'
    | 'lock-unreadable'
    | 'settings-unreadable';
  readonly text: string;
  /** What to type. */
  readonly hint: string;
}
