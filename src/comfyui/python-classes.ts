import { pythonTokens, type Token } from './python-tokens.js';

/** Node classes that a Python file may define, as far as its text says. */
export interface SaidClasses {
  /** Keys of NODE_CLASS_MAPPINGS, and ids of schemas: ComfyUI registers these. */
  readonly mapped: ReadonlySet<string>;
  /** Keys of other dicts, names given to decorators and constants: packs make their mappings out of such. */
  readonly keyed: ReadonlySet<string>;
}

/** The dict that ComfyUI looks for, and the parts of it that packs put together. */
const isMapping = ({ kind, text }: Token) => kind === 'name' && /NODE_CLASS_MAPPINGS/i.test(text);

/**
 * Reads the names of node classes out of Python text: `NODE_CLASS_MAPPINGS = {"A": A}`, `NODE_CLASS_MAPPINGS["A"] = A`,
 * `NODE_CLASS_MAPPINGS.update({...})`, and `node_id="A"` of newer nodes.
 */
export function classesOfPython(text: string): SaidClasses {
  const tokens = pythonTokens(text);
  const mapped = new Set<string>();
  const keyed = new Set<string>();
  const constants = constantsOf(tokens);
  let depth = 0;
  /** Depth of the braces of a mapping that is open. */
  let open: number | undefined;
  tokens.forEach((token, at) => {
    if (token.kind === 'mark') {
      if (token.text === '{' && open === undefined && startsMapping(tokens, at)) open = depth;
      if ('([{'.includes(token.text)) depth++;
      if (')]}'.includes(token.text)) depth--;
      if (open !== undefined && depth <= open) open = undefined;
      return;
    }
    const names = token.kind === 'string' ? [token.text] : (constants.get(token.text) ?? []);
    const inMapping = open !== undefined && depth === open + 1;
    for (const said of names) {
      if (inMapping && isMark(tokens[at + 1], ':')) mapped.add(said);
      else if (token.kind === 'string') addString(tokens, at, said, { mapped, keyed });
    }
  });
  return { mapped, keyed };
}

const isMark = (token: Token | undefined, text: string) => token?.kind === 'mark' && token.text === text;

function addString(tokens: readonly Token[], at: number, text: string, { mapped, keyed }: Sets): void {
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  const name = tokens[at - 2]?.kind === 'name' ? (tokens[at - 2] as Token) : undefined;
  // What is read from a mapping is another pack's.
  const set = isMark(before, '[') && isMark(after, ']') && isMark(tokens[at + 2], '=') && !isMark(tokens[at + 3], '=');
  const given = isMark(before, '=') && name !== undefined;
  if (set && name !== undefined && isMapping(name)) mapped.add(text);
  else if (given && /^node_?id$/i.test(name.text)) mapped.add(text);
  else if (set || isMark(after, ':') || (isMark(before, '(') && name !== undefined)) keyed.add(text);
  else if (given && /^(?:node_?)?name$/i.test(name.text)) keyed.add(text);
}

interface Sets {
  readonly mapped: Set<string>;
  readonly keyed: Set<string>;
}

/** How far before its brace a mapping's name may stand: `NODE_CLASS_MAPPINGS: dict[str, type] = {`. */
const reach = 12;

/** Whether the brace opens what is given to a mapping, or added to one. */
function startsMapping(tokens: readonly Token[], brace: number): boolean {
  const before = tokens.slice(Math.max(0, brace - reach), brace);
  const last = before.at(-1);
  if (isMark(last, '('))
    return before.at(-2)?.text === 'update' && before.at(-4) !== undefined && isMapping(before.at(-4) as Token);
  if (!isMark(last, '=') && !isMark(last, '|')) return false;
  const name = before.findLastIndex(isMapping);
  const between = before.slice(name + 1, -1);
  // Nothing, an annotation (`: dict`), or what the brace is joined to (`= OTHERS |`).
  return (
    name >= 0 && [undefined, ':', '='].includes(between[0]?.text) && !between.some(({ text }) => '{}()'.includes(text))
  );
}

/** `NAME = "Text"`, by name: keys are often constants. */
function constantsOf(tokens: readonly Token[]): ReadonlyMap<string, readonly string[]> {
  const constants = new Map<string, string[]>();
  tokens.forEach(({ kind, text }, at) => {
    const value = tokens[at + 2];
    if (kind !== 'name' || !isMark(tokens[at + 1], '=') || value?.kind !== 'string') return;
    constants.set(text, [...(constants.get(text) ?? []), value.text]);
  });
  return constants;
}
