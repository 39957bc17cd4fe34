/** Picks one of `count` alternatives of a text; a number from 0 to below `count`. */
export type Choose = (count: number) => number;

/** The choice of who wants the same text each time. */
export const firstAlternative: Choose = () => 0;

/**
 * A dynamic prompt as the frontend resolves it when it queues: of each `{a|b}` one alternative stays, which may hold further ones. Comments
 * (`/* ... *\/`, `// ...` to the end of the line, also behind `http:`) are taken out first; `\{`, `\}` and `\|` are literal.
 */
export function resolveDynamicPrompt(text: string, choose: Choose): string {
  if (nesting(text) > maxNesting) return withoutComments(text);
  const reader: Reader = { source: withoutComments(text), at: 0 };
  let resolved = '';
  while (reader.at < reader.source.length) {
    const char = reader.source[reader.at++] ?? '';
    if (char === '\\') resolved += escaped(reader);
    else if (char === '{') resolved += resolveDynamicPrompt(chosen(readAlternatives(reader), choose), choose);
    else resolved += char;
  }
  return resolved.replace(/\\([{}|])/g, '$1');
}

/** Braces inside braces; people write two or three. */
const maxNesting = 100;

function nesting(text: string): number {
  let [depth, most] = [0, 0];
  for (const char of text) {
    if (char === '{') most = Math.max(most, ++depth);
    else if (char === '}') depth--;
  }
  return most;
}

/** A block comment without an end is none. */
function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  const lastEnd = text.lastIndexOf('*/');
  for (const { index, 0: mark } of text.matchAll(/\/[*/]/g)) {
    if (index < at) continue;
    const block = mark === '/*';
    if (block && index + 2 > lastEnd) continue;
    kept += text.slice(at, index);
    const end = block ? text.indexOf('*/', index + 2) + 2 : lineEnd(text, index);
    at = end;
  }
  return kept + text.slice(at);
}

function lineEnd(text: string, from: number): number {
  const rest = /[\n\r\u2028\u2029]/g;
  rest.lastIndex = from;
  return rest.exec(text)?.index ?? text.length;
}

interface Reader {
  readonly source: string;
  at: number;
}

/** A backslash as the last character takes "undefined" along, as it does in the browser. */
const escaped = (reader: Reader) => `\\${reader.source[reader.at++]}`;

/** Reads behind a `{` up to its `}`, or to the end of the text; alternatives of inner braces stay as they are. */
function readAlternatives(reader: Reader): string[] {
  const alternatives = [''];
  let depth = 0;
  while (reader.at < reader.source.length) {
    let char = reader.source[reader.at++] ?? '';
    if (char === '\\') char = escaped(reader);
    else if (char === '{') depth++;
    else if (char === '}' && depth-- === 0) break;
    else if (char === '|' && depth === 0) {
      alternatives.push('');
      continue;
    }
    alternatives.push(alternatives.pop() + char);
  }
  return alternatives;
}

const chosen = (alternatives: readonly string[], choose: Choose): string =>
  alternatives.length === 1 ? (alternatives[0] ?? '') : (alternatives[choose(alternatives.length)] ?? '');
