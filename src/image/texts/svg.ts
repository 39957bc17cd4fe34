import { mostText } from './file-bytes.js';
import { jsonMembers } from './json-members.js';

/** So far into the file the element has to begin. */
const mostBefore = 4096;

export const isSvg = (bytes: Uint8Array): boolean => {
  const start = Buffer.from(bytes.subarray(0, mostBefore)).toString('utf8').trimStart();
  return start.startsWith('<') && /<svg[\s>]/.test(start);
};

/** ComfyUI puts one JSON object into `<metadata>`. */
export function svgTexts(bytes: Uint8Array): Map<string, string> {
  if (bytes.length > mostText) return new Map();
  const text = Buffer.from(bytes).toString('utf8');
  const start = /<metadata>\s*<!\[CDATA\[/.exec(text);
  const from = start === null ? -1 : start.index + start[0].length;
  const end = from < 0 ? -1 : text.indexOf(']]>', from);
  return end < 0 ? new Map() : jsonMembers(text.slice(from, end));
}
