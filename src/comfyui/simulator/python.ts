import { isArray, isExact, isObject, type Json, numberFromLexeme } from '../../workflow/json.js';

/** A value's spelling by Python's `json.dumps`: `", "` and `": "`, ASCII only. Numbers stay as they are. */
export function dumps(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (isArray(value)) return `[${value.map(dumps).join(', ')}]`;
  if (isObject(value)) {
    return `{${[...value].map(([key, item]) => `${quoted(key)}: ${dumps(item)}`).join(', ')}}`;
  }
  return isExact(value) ? value.lexeme : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A float as Python writes it: `8.0`, `1e-05`. */
export function pythonFloat(value: number): Json {
  if (Number.isNaN(value)) return { lexeme: 'NaN' };
  if (!Number.isFinite(value)) return { lexeme: value > 0 ? 'Infinity' : '-Infinity' };
  const magnitude = Math.abs(value);
  const exponential = magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16);
  const text = exponential ? value.toExponential() : String(value);
  const padded = text.replace(/e([+-])(\d)$/, 'e$10$2');
  return numberFromLexeme(/[.e]/.test(padded) ? padded : `${Object.is(value, -0) ? '-0' : padded}.0`);
}

/** `str(value)`: how Python puts a value into a sentence. */
export function str(value: Json): string {
  return typeof value === 'string' ? value : repr(value);
}

/** `repr(value)`: strings in single quotes, `True`, `None`, lists and dicts in Python's spelling. */
export function repr(value: Json): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (isObject(value)) return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
  if (typeof value !== 'string') return dumps(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

/** An exception of the simulated Python: its class and its text go into messages and answers. */
export class PythonError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}
