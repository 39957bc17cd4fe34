import { UsageError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { readQuery } from '../lineage/find-query.js';
import { isGrade } from '../lineage/grade.js';
import type { Grade } from '../lineage/record.js';
import { findOriginals, type Narrowing, type Original, originalsOf } from '../reproduce/original.js';
import { find } from '../sharing/find.js';
import type { Input } from './command.js';
import { textOption } from './text-option.js';

/** @throws UsageError for a grade that is none */
export function wantedGrade({ options }: Input): Grade | undefined {
  const text = options['expect'];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && isGrade(text)) return text;
  throw new UsageError(`there is no grade "${String(text)}"`, { hint: 'grades are full, approximate and partial' });
}

/** @throws UsageError */
export function count({ options }: Input, name: string, most: number): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const number = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw new UsageError(`--${name} takes a number from 1 to ${most}`);
}

/**
 * The runs that are meant: those of a file, digits or commit, or those that a search finds.
 * @throws UsageError where neither is given, or both are; what `findOriginals` and `find` throw
 */
export async function wantedOriginals(repository: Repository, cwd: string, input: Input): Promise<Original[]> {
  const [asked] = input.args;
  const query = textOption(input, 'find');
  if ((asked === undefined) === (query === undefined)) {
    throw new UsageError(
      asked === undefined ? 'nothing says what to make again' : '--find takes the place of an output',
      {
        hint: 'git comfy reproduce picture.png   or: git comfy reproduce --find "label:approved"',
      },
    );
  }
  if (asked !== undefined) return findOriginals(repository, asked, cwd, narrowing(input));
  if (query?.trim() === '') {
    throw new UsageError('--find finds everything without a word', {
      hint: 'say which outputs: git comfy reproduce --find "date:2026-10"',
    });
  }
  const { rows } = await find(repository, readQuery(wordsOf(query ?? '')), false);
  const originals = await originalsOf(
    repository,
    rows.filter(({ record }) => record.reproduces === undefined),
    narrowing(input),
  );
  if (originals.length > 0) return originals;
  throw new UsageError('the search finds no output', { hint: `try it first: git comfy find ${query}` });
}

/** A day, month or year. */
const isoDay = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;

/** @throws UsageError */
function narrowing(input: Input): Narrowing {
  const since = input.options['since'];
  const limit = count(input, 'limit', 1_000_000);
  if (since !== undefined && !isoDay.test(String(since))) {
    throw new UsageError(`"${String(since)}" is no date`, { hint: 'write --since 2026-10-05, or 2026-10' });
  }
  return { ...(typeof since === 'string' ? { since } : {}), ...(limit === undefined ? {} : { limit }) };
}

/** A query in one argument: words apart by blanks, quotes keep them together. */
function wordsOf(query: string): string[] {
  return (query.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''));
}
