import { endText, nodeText } from '../describe.js';
import { inputNodeId, outputNodeId } from '../graph.js';
import { isArray, isObject, type Json, type JsonObject, toDouble } from '../json.js';
import { showValue } from '../show-value.js';
import { idText } from '../slot-shapes.js';
import { type NameSources, type NameTable, namesOfMerged } from './names.js';
import type { Conflict, Side } from './sides.js';

/** A conflict as people read it. */
export interface ConflictWords {
  /** `KSampler "base" #3`, `Upscale / VAEDecode #8`, `workflow` */
  readonly who: string;
  /** `steps`, `title`, `the node` */
  readonly what: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** `KSampler "base" #3  steps: ours 30, theirs 40 (was 20)` */
export const conflictText = ({ who, what, base, ours, theirs }: ConflictWords): string =>
  `${who}  ${what}: ours ${ours}, theirs ${theirs}${base === '' ? '' : ` (was ${base})`}`;

/**
 * Names what conflicts are about.
 * @param merged the workflow, or the prompt, that the merge made
 */
export function conflictWords(
  conflicts: readonly Conflict[],
  merged: JsonObject,
  sources: NameSources = {},
): ConflictWords[] {
  if (conflicts.length === 0) return [];
  const table = namesOfMerged(merged, sources);
  return conflicts.map((conflict) => wordsOf(conflict, table));
}

function wordsOf(conflict: Conflict, table: NameTable): ConflictWords {
  const who = whoOf(conflict, table);
  if (conflict.path.length === 0) return { who, ...wholeWords(conflict, table) };
  const [kind = '', ...rest] = conflict.path;
  const all = (show: (value: Json | undefined) => string, what: string) => ({
    who,
    what,
    base: conflict.base === undefined ? '' : show(conflict.base),
    ours: show(conflict.ours),
    theirs: show(conflict.theirs),
  });
  if (kind === 'link') return all((end) => endWords(end, conflict, table), rest.join(' '));
  if (kind === 'mode') return all(stateWord, 'state');
  if (kind === 'widgets_values' && rest.length > 0)
    return all(
      valueWord,
      table.widget(conflict, rest[0] ?? '') +
        rest
          .slice(1)
          .map((key) => `.${key}`)
          .join(''),
    );
  return all(valueWord, whatOf(conflict.path));
}

function whatOf(path: readonly string[]): string {
  const [kind = '', ...rest] = path;
  if (kind === 'widgets_values') return 'values';
  if (kind === '_meta' && rest[0] === 'title') return 'title';
  // Prompts have the values of a node under `inputs`.
  return kind === 'inputs' && rest.length === 1 ? (rest[0] ?? '') : path.join('.');
}

function whoOf({ graph, node, ...sides }: Conflict, table: NameTable): string {
  if (node === undefined || node === inputNodeId || node === outputNodeId) return table.graph(graph);
  const held = [sides.ours, sides.theirs, sides.base].find((side) => sides.path.length === 0 && isObject(side));
  return nodeText(table.node(graph, node, held));
}

/** A node, a subgraph or the file as a whole. */
function wholeWords({ node, graph, base, ours, theirs }: Conflict, table: NameTable): Omit<ConflictWords, 'who'> {
  const what = node !== undefined ? 'the node' : graph !== undefined ? 'the subgraph' : 'the whole file';
  const typeOf = (side: Json | undefined) =>
    isObject(side) ? (side.get('type') ?? side.get('class_type')) : undefined;
  const word = (side: Json | undefined) => {
    if (side === undefined) return base === undefined ? 'not there' : 'deleted';
    if (base === undefined) return node === undefined ? 'one version' : 'there';
    const type = typeOf(side);
    return node === undefined || type === typeOf(base) ? 'edited' : `now ${table.type(String(type))}`;
  };
  return { what, base: '', ours: word(ours), theirs: word(theirs) };
}

/** `[node, output]` of a link; what else may stand in its place is a value. */
function endWords(end: Json | undefined, { graph }: Conflict, table: NameTable): string {
  if (end === undefined) return 'not connected';
  if (!isArray(end) || end.length !== 2) return valueWord(end);
  const [id = '', output = ''] = end.map((part) => idText(part) ?? '');
  if (id === inputNodeId) return `from subgraph input ${table.input(graph, output)}`;
  const { type } = table.node(graph, id, undefined);
  return `from ${endText({ node: id, slot: 0, type, output: table.output(graph, id, output) })}`;
}

function stateWord(mode: Json | undefined): string {
  const number = toDouble(mode);
  return number === 2 ? 'muted' : number === 4 ? 'bypassed' : 'active';
}

function valueWord(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = showValue(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}

const longest = 200;

/** The side that a person did not take. */
export const otherSide = (side: Side): Side => (side === 'ours' ? 'theirs' : 'ours');
