import type { YamlMap, YamlValue } from './yaml-value.js';

interface Line {
  readonly indent: number;
  /** Absent for an item of a list. */
  readonly key?: string;
  /** Empty where what belongs to the key stands below, or nothing does. */
  readonly value: string;
}

/**
 * Reads the part of YAML that we write ourselves: maps, lists of texts, one fact a line, two spaces a level. `undefined` for
 * everything else, which is for a real parser: it takes twenty times as long, and a lock of hundreds of models is read at every `verify`.
 */
export function readCanonicalYaml(text: string): YamlValue | undefined {
  if (!text.endsWith('\n')) return undefined;
  const lines: Line[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const read = readLine(line);
    if (read === undefined) return undefined;
    lines.push(read);
  }
  const block = readMap(lines, 0, 0);
  return block?.end === lines.length ? block.value : undefined;
}

/** Nothing here means anything to YAML, wherever it stands in the text; a colon is followed by more of the text. */
const plain = String.raw`[\p{L}\p{N}_./](?:[\p{L}\p{N}_./@+()~=;$^ -]|:(?=[\p{L}\p{N}_./]))*(?<! )|[\p{L}\p{N}_./]`;
const quoted = String.raw`"(?:[^"\\\n]|\\.)*"`;
const lineForm = new RegExp(`^( *)(?:- (${plain}|${quoted})|(${plain}|${quoted}):(?: (${plain}|${quoted}))?)$`, 'u');

function readLine(text: string): Line | undefined {
  const found = lineForm.exec(text);
  if (found === null) return undefined;
  const [, spaces = '', item, key, value = ''] = found;
  const read = [item ?? value, key].map((part) => (part?.startsWith('"') ? unquoted(part) : part));
  const [meant, name] = read;
  if (meant === undefined || (key !== undefined && name === undefined)) return undefined;
  return { indent: spaces.length, value: meant, ...(name === undefined ? {} : { key: name }) };
}

/** Double quotes are written as JSON writes them. */
function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

interface Block<Value> {
  readonly value: Value;
  /** Index of the first line that no longer belongs to it. */
  readonly end: number;
}

function readMap(lines: readonly Line[], start: number, indent: number): Block<YamlMap> | undefined {
  const map = new Map<string, YamlValue>();
  let at = start;
  while (lines[at]?.indent === indent) {
    const { key, value } = lines[at] as Line;
    // A key twice is for the real parser to refuse, in its words.
    if (key === undefined || map.has(key)) return undefined;
    const below =
      lines[at + 1]?.indent === indent + 2 && value === '' ? readBelow(lines, at + 1, indent + 2) : undefined;
    if (below === undefined && (lines[at + 1]?.indent ?? 0) > indent) return undefined;
    map.set(key, below?.value ?? value);
    at = below?.end ?? at + 1;
  }
  return { value: map, end: at };
}

function readBelow(lines: readonly Line[], start: number, indent: number): Block<YamlValue> | undefined {
  return lines[start]?.key === undefined ? readList(lines, start, indent) : readMap(lines, start, indent);
}

function readList(lines: readonly Line[], start: number, indent: number): Block<readonly string[]> | undefined {
  const list: string[] = [];
  let at = start;
  for (; lines[at]?.indent === indent; at++) {
    const { key, value } = lines[at] as Line;
    if (key !== undefined) return undefined;
    list.push(value);
  }
  return (lines[at]?.indent ?? 0) > indent ? undefined : { value: list, end: at };
}
