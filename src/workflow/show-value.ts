import { type Json, writeJson } from './json.js';

/**
 * A value on one line: texts without white space or quotes as they are, all else as JSON, so that line breaks are `\n`
 * and the text `20` is told apart from the number.
 */
export function showValue(value: Json): string {
  if (typeof value !== 'string') return writeJson(value, ' ');
  return isPlainWord(value) ? value : JSON.stringify(value);
}

/** Not empty, nothing to escape, and no number, word or bracket of JSON. */
const isPlainWord = (text: string) =>
  /^[^\s"[\]{}\\\p{C}]+$/u.test(text) && !/^(?:-?\d.*|true|false|null|-?NaN|-?Infinity)$/.test(text);
