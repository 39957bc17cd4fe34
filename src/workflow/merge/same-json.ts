import { isArray, isExact, isObject, type Json } from '../json.js';

/** Same value, every digit of a number included; the order of keys does not count. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at] ?? null));
  if (isObject(a)) {
    if (!isObject(b) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !sameJson(value, other)) return false;
    }
    return true;
  }
  return isExact(a) && isExact(b) && a.lexeme === b.lexeme;
}
