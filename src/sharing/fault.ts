/** Something of lineage that is not as it should be. */
export interface Fault {
  readonly code:
    | 'line-unreadable'
    | 'journal-damaged'
    | 'document-missing'
    | 'document-damaged'
    | 'document-newer'
    | 'record-missing'
    | 'commit-gone'
    | 'lock-left';
  /** What it is about: a commit, a document, a record, a file. */
  readonly subject: string;
  readonly text: string;
  /** What to type, where something helps. */
  readonly hint?: string;
}
