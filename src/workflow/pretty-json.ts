import { isArray, isObject, type Json, writeJson } from './json.js';

/** JSON as people read it: two blanks a level, a list of plain values on one line. Numbers as they were read. */
export function prettyJson(value: Json, indent = ''): string {
  const deeper = `${indent}  `;
  if (isArray(value) && value.some((item) => isArray(item) || isObject(item))) {
    return `[\n${value.map((item) => deeper + prettyJson(item, deeper)).join(',\n')}\n${indent}]`;
  }
  if (!isObject(value) || value.size === 0) return writeJson(value, ' ');
  const members = [...value].map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${prettyJson(item, deeper)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
}
