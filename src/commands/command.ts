import type { Context } from '../context.js';

export interface Argument {
  /** As commander reads it: `<needed>`, `[optional]`, `<many...>`. */
  readonly name: string;
  readonly about: string;
}

export interface Option {
  /** As commander reads it: `-m, --message <text>`. */
  readonly flags: string;
  readonly about: string;
  /** The option may be given several times; its value is a list. */
  readonly many?: boolean;
}

export interface Input {
  readonly args: readonly string[];
  /** By camel-case name; `many` options are lists. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** What a command found. `exit` 1 means "looked, and the answer is no". */
export interface Answer {
  /** For `--json`: goes into the envelope's `result`. Plain JSON values; numbers above 2^53 as strings. */
  readonly result: unknown;
  /** For people: stdout, ends without a line break. Empty prints nothing. */
  readonly text: string;
  readonly exit?: number;
}

export interface Command {
  readonly name: string;
  /** `everyday` is what `-h` shows; `plumbing` is called by git, not by people. */
  readonly group: 'everyday' | 'more' | 'plumbing';
  /** One line, lower case, no full stop. */
  readonly summary: string;
  /** Paragraphs for `-h`, the man page and the docs. */
  readonly about?: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  /** Lines to type, for help and docs. */
  readonly examples?: readonly string[];
  /** Unknown options are handed on in `args` as they stand (`commit` gives them to git). */
  readonly passThrough?: boolean;
  readonly run: (context: Context, input: Input) => Promise<Answer>;
}
