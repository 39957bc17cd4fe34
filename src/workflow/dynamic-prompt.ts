/**
 * A dynamic prompt as the frontend resolves it, but always at the first alternative of each `{a|b}` instead of a random one.
 * Comments (`/* ... *\/`, `// ...` to the end of the line, also behind `http:`) are taken out first; `\{`, `\}` and `\|` are literal.
 */
export function firstAlternative(text: string): string {
  const source = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return readSequence({ source, at: 0 }, false);
}

interface Reader {
  readonly source: string;
  at: number;
}

/** Reads up to the end, or inside braces up to `|` or `}` of the same level; leaves `at` on that character. */
function readSequence(reader: Reader, inBraces: boolean): string {
  let text = '';
  while (reader.at < reader.source.length) {
    const char = reader.source[reader.at] ?? '';
    if (char === '\\' && reader.at + 1 < reader.source.length) {
      text += unescaped(reader.source[reader.at + 1] ?? '');
      reader.at += 2;
    } else if (char === '{') {
      text += readBraces(reader);
    } else if (inBraces && (char === '|' || char === '}')) {
      return text;
    } else {
      text += char;
      reader.at++;
    }
  }
  return text;
}

const unescaped = (char: string) => ('{}|'.includes(char) ? char : `\\${char}`);

function readBraces(reader: Reader): string {
  reader.at++;
  const first = readSequence(reader, true);
  while (reader.source[reader.at] === '|') {
    reader.at++;
    readSequence(reader, true);
  }
  reader.at++;
  return first;
}
