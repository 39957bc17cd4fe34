import { Document, type ParsedNode, parseDocument } from 'yaml';
import { readCanonicalYaml } from './canonical-yaml.js';
import type { YamlValue } from './yaml-value.js';

/** YAML as we write it; `null` is written as nothing after the colon. */
export type YamlOut = string | number | boolean | null | readonly YamlOut[] | ReadonlyMap<string, YamlOut>;

/** A lock of 500 workflows has about 1 MB. Above this a file is not read: parsing YAML is slow, and it may be hostile. */
const maxLength = 8 * 1024 * 1024;

/**
 * Reads YAML from outside: scalars as text, duplicate keys refused, no aliases unless they are asked for (then a few: a bomb
 * of them is refused).
 * @param fail makes the error of the file that this is
 * @throws what `fail` makes
 */
export function readYaml(
  text: string,
  fail: (problem: string) => Error,
  options: { aliases?: boolean } = {},
): YamlValue {
  if (text.length > maxLength) throw fail(`it is larger than ${maxLength} characters`);
  const canonical = readCanonicalYaml(text);
  if (canonical !== undefined) return canonical;
  const read = parseYaml(text, options.aliases === true ? 100 : 0);
  if (read instanceof Error) throw fail((read.message.split('\n')[0] ?? '').replace(/:$/, ''));
  return read;
}

/** By the real parser, whatever the text is. */
export function parseYaml(text: string, maxAliasCount: number): YamlValue | Error {
  try {
    const document = parseDocument<ParsedNode, false>(text, { schema: 'failsafe', stringKeys: true, strict: true });
    const problem = document.errors[0] ?? document.warnings[0];
    return problem ?? document.toJS({ mapAsMap: true, maxAliasCount }) ?? '';
  } catch (error) {
    // An alias too many, or nesting so deep that the parser ran out of stack.
    return error as Error;
  }
}

/**
 * Block style, one fact a line, maps in the order given. Texts that YAML 1.1 or 1.2 would take for something else are quoted;
 * nothing is ever folded over lines.
 */
export function writeYaml(value: YamlOut): string {
  const document = new Document(value, {
    version: '1.2',
    schema: 'core',
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  return document.toString({
    lineWidth: 0,
    blockQuote: false,
    doubleQuotedAsJSON: true,
    nullStr: '',
    indentSeq: true,
  });
}
