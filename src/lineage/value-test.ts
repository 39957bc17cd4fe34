import { UsageError } from '../errors.js';

/** Whether a value is one that was asked for. */
export type ValueTest = (value: string) => boolean;

/**
 * Text: `ink` is found anywhere, upper and lower case alike; with `*` and `?` the pattern has to fit the whole value, or what follows
 * the last `/` of it; `a,b` is either.
 */
export function textTest(wanted: string): ValueTest {
  const tests = wanted.split(',').map((part) => (/[*?]/.test(part) ? patternTest(part) : partTest(part)));
  return (value) => tests.some((test) => test(value));
}

/**
 * Texts one of which stands, in lower case, in the JSON of every value that fits: whoever searches many values need not look at the others. `undefined` where there
 * is nothing to go by.
 */
export function textNeedles(wanted: string): readonly string[] | undefined {
  const needles = wanted.split(',').map((part) => needleOf(/[*?]/.test(part) ? part.split(/[*?]+/) : [part]));
  return needles.every((needle) => needle !== '') ? needles : undefined;
}

/** The same for a word, in which no sign has a meaning. */
export function wordNeedles(word: string): readonly string[] | undefined {
  const needle = needleOf([word]);
  return needle === '' ? undefined : [needle];
}

/** The longest of some pieces of ASCII; of other characters lower case is not as simple. */
function needleOf(pieces: readonly string[]): string {
  const [longest = ''] = pieces.filter((piece) => /^[\x20-\x7e]+$/.test(piece)).toSorted((a, b) => b.length - a.length);
  return JSON.stringify(longest.toLowerCase()).slice(1, -1);
}

function partTest(part: string): ValueTest {
  const small = part.toLowerCase();
  return (value) => value.toLowerCase().includes(small);
}

function patternTest(pattern: string): ValueTest {
  const source = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  const whole = new RegExp(`^${source}$`, 'isu');
  return (value) => whole.test(value) || whole.test(value.slice(value.lastIndexOf('/') + 1));
}

/**
 * Numbers: `20`, `20,30`, `>20`, `<=6.5`, `6..8` (both included), `6..`, `..8`. Whole numbers are compared to the last digit (seeds reach
 * 2^64-1).
 * @throws UsageError where it is no number
 */
export function numberTest(key: string, wanted: string): ValueTest {
  const tests = wanted.split(',').map((part) => oneNumberTest(key, part));
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && tests.some((test) => test(number));
  };
}

type AnyNumber = number | bigint;

function oneNumberTest(key: string, text: string): (number: AnyNumber) => boolean {
  const bound = (part: string): AnyNumber => {
    const number = numberOf(part);
    if (number === undefined) throw badNumber(key, text);
    return number;
  };
  const [, sign, compared = ''] = /^([<>]=?)(.*)$/.exec(text) ?? [];
  if (sign !== undefined) return comparison(sign, bound(compared));
  const [from, to] = text.split('..');
  if (from === undefined || to === undefined) {
    const only = bound(text);
    return (number) => number >= only && number <= only;
  }
  if (from === '' && to === '') throw badNumber(key, text);
  const [least, most] = [from === '' ? undefined : bound(from), to === '' ? undefined : bound(to)];
  if (least !== undefined && most !== undefined && least > most) throw badNumber(key, text);
  return (number) => (least === undefined || number >= least) && (most === undefined || number <= most);
}

function comparison(sign: string, bound: AnyNumber): (number: AnyNumber) => boolean {
  if (sign === '>') return (number) => number > bound;
  if (sign === '>=') return (number) => number >= bound;
  return sign === '<' ? (number) => number < bound : (number) => number <= bound;
}

function numberOf(text: string): AnyNumber | undefined {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  return /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

const badNumber = (key: string, text: string) =>
  new UsageError(`"${text}" is no number for ${key}:`, {
    hint: `write ${key}:20, ${key}:">20", ${key}:6..8 or ${key}:6,7`,
  });

/**
 * Text where only a few words can stand: one that fits none of them is a slip.
 * @throws UsageError where it is
 */
export function wordTest(key: string, wanted: string, words: readonly string[]): ValueTest {
  for (const part of wanted.split(',')) {
    if (words.some(textTest(part))) continue;
    throw new UsageError(`"${part}" is no ${key}`, {
      hint: `write ${words.map((word) => `${key}:${word}`).join(', ')}`,
    });
  }
  return textTest(wanted);
}

/** A day that there is, a month or a year. */
function isDate(text: string): boolean {
  if (!/^\d{4}(?:-\d\d(?:-\d\d)?)?$/.test(text)) return false;
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/**
 * Days, as a record has them (UTC): `2026-10-05`, a month or a year; `2026-10..`, `..2026-10-05`, `2026-09..2026-10` with both ends included.
 * @throws UsageError where it is no date
 */
export function dateTest(wanted: string): ValueTest {
  const parts = wanted.split('..');
  const [from = '', to = from] = parts;
  const dates = [from, to].filter((date) => date !== '');
  if (parts.length > 2 || dates.length === 0 || !dates.every(isDate)) {
    throw new UsageError(`"${wanted}" is no date`, {
      hint: 'write date:2026-10, date:2026-10-05.. or date:2026-09..2026-10',
    });
  }
  // ISO dates sort as text; a month stands for all of its days.
  return (time) => time >= from && (to === '' || time.slice(0, to.length) <= to);
}
