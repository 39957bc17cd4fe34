import { UsageError } from '../errors.js';

/** What `git commit` would commit, as its arguments say. */
export type CommitScope =
  /** The index as it is. */
  | { readonly kind: 'index' }
  /** The index after all changed files went in. */
  | { readonly kind: 'all' }
  /** HEAD and these files only (pathspecs). */
  | { readonly kind: 'only'; readonly paths: readonly string[] }
  /** The index and these files. */
  | { readonly kind: 'include'; readonly paths: readonly string[] }
  /** Chosen by hand while git runs, or listed in a file. */
  | { readonly kind: 'unknown' }
  /** Nothing: git only shows what it would do. */
  | { readonly kind: 'nothing' };

export interface CommitArguments {
  /** For git, as they were given, without ours. */
  readonly args: readonly string[];
  readonly scope: CommitScope;
  /** `--auto`: what changed, in words, is the message. */
  readonly auto: boolean;
  /** The message is given, or comes from somewhere else than an empty editor. */
  readonly messageGiven: boolean;
  /** Where pathspecs may be added: before the end of `args`, after `--` if there is one. */
  readonly separated: boolean;
}

/** Options of git-commit(1) whose value may be a word of its own. */
const withValue = [
  ...['reuse-message', 'reedit-message', 'fixup', 'squash', 'file', 'author', 'date', 'message', 'template', 'cleanup'],
  ...['trailer', 'pathspec-from-file'],
];
const shortWithValue = 'mFCct';
/** Their value, if any, is always attached. */
const shortWithAttached = 'Su';

const shortNames: Readonly<Record<string, string>> = {
  ...{ a: 'all', p: 'patch', o: 'only', i: 'include', m: 'message', F: 'file', C: 'reuse-message' },
  ...{ c: 'reedit-message', t: 'template', z: 'null' },
};

const givesMessage = [
  ...['message', 'file', 'reuse-message', 'reedit-message', 'fixup', 'squash', 'template', 'cleanup'],
  ...['amend', 'no-edit'],
];
const showsOnly = ['dry-run', 'short', 'porcelain', 'long', 'null'];

/**
 * Reads arguments of `git commit` as far as it takes to know what will be committed; everything is handed on as it stands.
 * @throws UsageError for `--auto` together with a message
 */
export function readCommitArguments(words: readonly string[]): CommitArguments {
  const args = withoutOurs(words);
  const options = new Set<string>();
  const paths: string[] = [];
  let separated = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (separated || !/^-./.test(word)) paths.push(word);
    else if (word === '--') separated = true;
    else {
      const { names, takesNext } = optionOf(word);
      for (const name of names) options.add(name);
      if (takesNext) at++;
    }
  }
  const auto = args.length < words.length;
  const messageGiven = givesMessage.some((name) => options.has(name));
  if (auto && messageGiven) {
    throw new UsageError('--auto writes the message itself', { hint: 'leave out --auto, or the message' });
  }
  return { args, scope: scopeOf(options, paths), auto, messageGiven, separated };
}

function withoutOurs(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return words.filter((word, at) => word !== '--auto' || (end >= 0 && at > end));
}

function scopeOf(options: ReadonlySet<string>, paths: readonly string[]): CommitScope {
  if (showsOnly.some((name) => options.has(name))) return { kind: 'nothing' };
  if (['patch', 'interactive', 'pathspec-from-file'].some((name) => options.has(name))) return { kind: 'unknown' };
  if (options.has('all')) return { kind: 'all' };
  if (paths.length === 0) return { kind: 'index' };
  return { kind: options.has('include') ? 'include' : 'only', paths };
}

function optionOf(word: string): { readonly names: readonly string[]; readonly takesNext: boolean } {
  if (!word.startsWith('--')) return shortOptions(word.slice(1));
  const [name = '', value] = word.slice(2).split(/=(.*)/s);
  // git takes any beginning of a name that only one option has.
  const full = withValue.find((option) => option === name) ?? withValue.find((option) => option.startsWith(name));
  const known = name.length >= 3 && full !== undefined ? full : name;
  return { names: [known], takesNext: value === undefined && withValue.includes(known) };
}

/** `-am` is `-a -m`; what follows a letter that takes a value is its value. */
function shortOptions(letters: string): { readonly names: readonly string[]; readonly takesNext: boolean } {
  const names: string[] = [];
  for (const [at, letter] of [...letters].entries()) {
    names.push(shortNames[letter] ?? letter);
    if (shortWithAttached.includes(letter)) return { names, takesNext: false };
    if (shortWithValue.includes(letter)) return { names, takesNext: at === letters.length - 1 };
  }
  return { names, takesNext: false };
}
