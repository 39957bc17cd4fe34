import { isArray, isObject, type Json, type JsonObject, quoted, writeJson } from '../json.js';

/** How a file of JSON is written: by what goes before a member, or on one line. */
interface Style {
  readonly indent: string;
  readonly gap: '' | ' ';
  readonly end: string;
}

/** JSON in the style of another text, as far as a style can be told from it: indentation, blanks on one line, the end of the file. */
export function writeLike(json: JsonObject, example: string): string {
  const [, indent = ''] = /^\s*\{\r?\n([ \t]+)"/.exec(example) ?? [];
  const gap = indent !== '' || /^\s*\{"(?:[^"\\]|\\.)*": /.test(example) ? ' ' : '';
  const style: Style = { indent, gap, end: /\n$/.test(example) ? '\n' : '' };
  return (indent === '' ? writeJson(json, gap) : spread(json, style, '\n')) + style.end;
}

/** As `JSON.stringify` with an indentation writes it; Python writes the same. */
function spread(value: Json, style: Style, line: string): string {
  const inner = line + style.indent;
  if (isArray(value) && value.length > 0)
    return `[${value.map((item) => inner + spread(item, style, inner)).join(',')}${line}]`;
  if (!isObject(value) || value.size === 0) return writeJson(value, style.gap);
  const members = [...value].map(([key, item]) => `${inner}${quoted(key)}: ${spread(item, style, inner)}`);
  return `{${members.join(',')}${line}}`;
}
