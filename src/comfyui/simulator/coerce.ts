import { isArray, isExact, isNumber, isObject, type Json, numberFromLexeme, toDouble } from '../../workflow/json.js';
import { PythonError, pythonFloat, repr, str } from './python.js';

/**
 * What validation makes of a constant: the server converts it to the input's type and keeps the result in the prompt.
 * @throws PythonError as Python's `int()` and `float()`
 */
export function coerce(value: Json, type: Json): Json {
  if (type === 'INT') return toInt(value);
  if (type === 'FLOAT') return toFloat(value);
  if (type === 'STRING') return str(value);
  if (type === 'BOOLEAN') return truth(value);
  return value;
}

function toInt(value: Json): Json {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return intFromText(value);
  if (isExact(value) && /^-?\d+$/.test(value.lexeme)) return value;
  const double = toDouble(value);
  if (double === undefined)
    throw typeError('int() argument must be a string, a bytes-like object or a real number', value);
  if (Number.isNaN(double)) throw new PythonError('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(double)) throw new PythonError('OverflowError', 'cannot convert float infinity to integer');
  return numberFromLexeme(BigInt(Math.trunc(double)).toString());
}

function intFromText(text: string): Json {
  const digits = text.trim().replaceAll('_', '');
  if (/^[+-]?\d+$/.test(digits)) return numberFromLexeme(BigInt(digits.replace(/^\+/, '')).toString());
  throw new PythonError('ValueError', `invalid literal for int() with base 10: ${repr(text)}`);
}

function toFloat(value: Json): Json {
  if (typeof value === 'boolean') return pythonFloat(value ? 1 : 0);
  const double = typeof value === 'string' ? floatFromText(value) : toDouble(value);
  if (double === undefined) throw typeError('float() argument must be a string or a real number', value);
  return pythonFloat(double);
}

function floatFromText(text: string): number {
  const word = text.trim().toLowerCase();
  const special: Record<string, number> = { nan: Number.NaN, inf: Infinity, infinity: Infinity, '-inf': -Infinity };
  const value = special[word] ?? (word === '' ? Number.NaN : Number(word));
  if (!Number.isNaN(value) || word === 'nan') return value;
  throw new PythonError('ValueError', `could not convert string to float: ${repr(text)}`);
}

function truth(value: Json): boolean {
  if (isArray(value)) return value.length > 0;
  if (isObject(value)) return value.size > 0;
  return isNumber(value) ? toDouble(value) !== 0 : value !== null && value !== false && value !== '';
}

const typeError = (wanted: string, value: Json) =>
  new PythonError('TypeError', `${wanted}, not '${value === null ? 'NoneType' : isObject(value) ? 'dict' : 'list'}'`);
