/** How far a long step is; `total` is left out where it is not known. */
export interface Progress {
  /** What is done: a step is one as long as this stays. */
  readonly label: string;
  /** Shown in place of the label, where it changes on the way. */
  readonly shown?: string;
  readonly done: number;
  readonly total?: number;
  /** Bytes are shown with speed and time left, counts as they are. */
  readonly unit: 'bytes' | 'count';
  /** The part that is being worked on, such as one file of many. */
  readonly part?: { readonly label: string; readonly done: number; readonly total: number };
}

/** Everything that is said besides the answer: stderr, never stdout. */
export interface Talk {
  /** One line for the person; terminal escapes in it are neutralised. */
  say(line: string): void;
  /** Shows how far a long step is; `undefined` clears it. A terminal redraws, a pipe gets a line now and then. */
  progress(step: Progress | undefined): void;
  /** Asks; answers `false` without asking where nobody can answer. */
  confirm(question: string): Promise<boolean>;
}

/** What a command may touch of the process that it runs in. `main.ts` makes it from `process`; tests make their own. */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard input, whole; only plumbing reads it. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Writes data to stdout; resolves when it has been taken. */
  readonly write: (data: string | Uint8Array) => Promise<void>;
  readonly talk: Talk;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Gives the terminal to another program: meanwhile Ctrl-C is its to answer, as in an editor, and does not fire the signal. */
  readonly lend: <T>(use: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
  /** Absolute paths with which git can start this program again, from hooks and filters. */
  readonly program: { readonly node: string; readonly script: string };
  /** What stdout is: colours wanted, columns, a person at the other end. */
  readonly output: { readonly color: boolean; readonly width: number; readonly interactive: boolean };
}
