/** A piece of a line that is painted in one way; it may hold blanks, at which the line may break. */
export interface Painted {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/**
 * Breaks a line of painted pieces at blanks so that no line is longer than `width` code points where that can be; further lines start with `indent`.
 * What is one long word sticks out.
 */
export function wrapSpans(pieces: readonly Painted[], width: number, indent: string): string[] {
  const lines: string[] = [];
  let [line, length] = ['', 0];
  for (const { text, paint } of pieces) {
    for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
      const size = [...word].length;
      if (length + size <= width || length <= indent.length || !/^\s/.test(word)) {
        line += paint(word);
        length += size;
        continue;
      }
      lines.push(line);
      const rest = word.trimStart();
      line = indent + paint(rest);
      length = indent.length + [...rest].length;
    }
  }
  return [...lines, line];
}
