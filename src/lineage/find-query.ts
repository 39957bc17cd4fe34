import { UsageError } from '../errors.js';
import { matchOrder } from './query.js';
import { dateTest, numberTest, textNeedles, textTest, type ValueTest, wordTest } from './value-test.js';

/** One thing that was asked for. */
export interface Filter {
  readonly key: FilterKey;
  /** For `input`: the name of the input. */
  readonly input?: string;
  /** As it was typed, behind the colon. */
  readonly wanted: string;
  readonly test: ValueTest;
  /** Of a filter by text, as `textNeedles` gives them. */
  readonly needles?: readonly string[] | undefined;
}

/** What `find` looks for: all filters hold, and every word stands in a prompt text. */
export interface FindQuery {
  readonly filters: readonly Filter[];
  readonly words: readonly string[];
}

/** Every key, and what it looks at. The docs list this table. */
export const filterKeys = {
  model: 'name of any model file, with its folder, or first digits of its SHA-256',
  lora: 'name of a LoRA',
  prompt: 'text that reached the positive side',
  negative: 'text that reached the negative side',
  seed: 'a resolved seed',
  steps: 'steps of a sampler',
  cfg: 'guidance of a sampler',
  denoise: 'denoise of a sampler',
  sampler: 'name of a sampler',
  scheduler: 'name of a scheduler',
  pack: 'custom-node pack that was used',
  workflow: 'path of the workflow',
  commit: 'commit of the run, or a range as git writes it: v1.2..HEAD',
  date: 'day, month, year or a range of them, in UTC',
  label: 'label of the output',
  file: 'file name of the output',
  grade: 'grade of a reproduction: full, approximate, partial',
  match: 'how the run found its commit: exact, seeds, derived, uncommitted',
  input: 'any other input by its name: input.width:1024',
} as const;

export type FilterKey = keyof typeof filterKeys;

const numeric: ReadonlySet<string> = new Set(['seed', 'steps', 'cfg', 'denoise']);

/**
 * Reads what was typed after `find`: `key:value` filters, the rest are words.
 * @throws UsageError for a key that is none, and for a value that is none of its key
 */
export function readQuery(typed: readonly string[]): FindQuery {
  const filters: Filter[] = [];
  const words: string[] = [];
  for (const part of typed) {
    const [, name, wanted] = /^([A-Za-z][\w.]*):(.*)$/s.exec(part) ?? [];
    if (name === undefined || wanted === undefined || (wanted === '' && !isKey(name))) words.push(part);
    else if (wanted === '') throw new UsageError(`${name}: looks for nothing`, { hint: `write ${name}:<what>` });
    else filters.push(filterOf(name, unquoted(wanted)));
  }
  return { filters, words };
}

/** `prompt:"red fox"` of somebody whose shell kept the quotes. */
const unquoted = (text: string) => /^"(.+)"$/s.exec(text)?.[1] ?? text;

function filterOf(name: string, wanted: string): Filter {
  const input = /^input\.(.+)$/.exec(name)?.[1];
  if (input !== undefined) return { key: 'input', input, wanted, test: valueTest(name, wanted) };
  if (!isKey(name)) throw unknownKey(name);
  if (name === 'date') return { key: name, wanted, test: dateTest(wanted) };
  if (name === 'grade' || name === 'match') return { key: name, wanted, test: wordTest(name, wanted, spoken[name]) };
  if (numeric.has(name)) return { key: name, wanted, test: numberTest(name, wanted) };
  return { key: name, wanted, test: textTest(wanted), needles: textNeedles(wanted) };
}

/** What a record may say there. */
const spoken = { grade: ['full', 'approximate', 'partial'], match: matchOrder } as const;

const isKey = (name: string): name is FilterKey => Object.hasOwn(filterKeys, name) && name !== 'input';

/** Of an input nobody knows what it holds: what looks like a number is one. */
const valueTest = (name: string, wanted: string) =>
  /^[<>=.\d-][\d.,<>=-]*$/.test(wanted) ? numberTest(name, wanted) : textTest(wanted);

const keys = Object.keys(filterKeys).filter((key) => key !== 'input');

const unknownKey = (name: string) =>
  new UsageError(`there is no filter ${name}:`, {
    hint: `filters are ${keys.join(', ')}; any input of a node: input.${name}:...; a text with a colon in it: prompt:"..."`,
  });
