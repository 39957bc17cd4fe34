/** Nesting that lines of ours never come near; deeper ones are for the careful reader. */
const mostDepth = 8;

/**
 * The plain value of a line that stands in its canonical text, which nearly every line does; `undefined` for any other, which has to be read with care. The
 * machine's own parser is many times faster than ours, and what it would change (numbers, keys that stand twice) is seen by writing it again.
 */
export function canonicalValue(text: string): unknown {
  // Keys are sorted by code points, which only beyond U+FFFF is another order than JavaScript's. U+FFFD may stand for bytes that are no text.
  if (!text.startsWith('{') || /[\ud800-\udfff\ufffd]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isSorted(value, 0) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSorted(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > mostDepth) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
  let before: string | undefined;
  for (const key in value) {
    if (before !== undefined && key < before) return false;
    if (!isSorted((value as Record<string, unknown>)[key], depth + 1)) return false;
    before = key;
  }
  return true;
}
