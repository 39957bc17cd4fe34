import { endText, nodeText } from './describe.js';
import type { End, Fact } from './facts.js';
import type { Json } from './json.js';
import { showValue } from './show-value.js';
import { type WordPiece, wordDiff } from './word-diff.js';
import type { ChainMember, LinkChange, NodeState, WorkflowChange } from './workflow-change.js';

/** A piece of what is said about a change. `old` and `new` are values, `cut` and `put` words of a text that otherwise stayed. */
export interface Span {
  readonly is: 'plain' | 'old' | 'new' | 'cut' | 'put';
  readonly text: string;
}

const plain = (text: string): Span => ({ is: 'plain', text });
const old = (text: string): Span => ({ is: 'old', text });
const fresh = (text: string): Span => ({ is: 'new', text });

/** Whom a change is about: `Upscale / KSampler "base" #3`, `workflow`, `subgraph Upscale`. */
export const whoText = ({ node, path }: WorkflowChange): string =>
  node === undefined ? (path.length === 0 ? 'workflow' : `subgraph ${path.join(' / ')}`) : nodeText(node);

/** What is said about it, from the character behind `who` on. */
export function whatSpans(change: WorkflowChange): Span[] {
  switch (change.kind) {
    case 'node-added':
      return [plain(' '), fresh('added'), ...factSpans(change.facts)];
    case 'node-removed':
      return [plain(' '), old('removed')];
    case 'subgraph-added':
    case 'subgraph-removed':
      return subgraphSpans(change);
    case 'group':
      return [plain(`: group ${JSON.stringify(change.title)} `), change.added ? fresh('added') : old('removed')];
    case 'renamed':
      return [plain(': renamed '), ...arrow(titleText(change.before), titleText(change.after))];
    case 'state':
      return [plain(': '), fresh(stateText(change.after, change.before))];
    case 'chain':
      return [plain(': LoRA chain re-ordered: '), ...arrow(chainText(change.before), chainText(change.after))];
    case 'link':
      return linkSpans(change);
    case 'value':
    case 'property':
      return [plain(`: ${change.key} `), ...valueSpans(change.before, change.after)];
  }
}

const arrow = (before: string, after: string): Span[] => [old(before), plain(' -> '), fresh(after)];

function subgraphSpans({ kind, nodes }: Extract<WorkflowChange, { nodes: number }>): Span[] {
  const inside = plain(`, with ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`);
  return [plain(' '), kind === 'subgraph-added' ? fresh('added') : old('removed'), inside];
}

/** What was set on a new node; its links show at their other ends or are for the reader of the file. */
function factSpans(facts: readonly Fact[]): Span[] {
  const values = facts.flatMap((fact) =>
    fact.kind === 'value' ? [`${fact.key} ${short(showValue(fact.value))}`] : [],
  );
  return values.length === 0 ? [] : [plain(`: ${values.join(', ')}`)];
}

const chainText = (members: readonly ChainMember[]) =>
  members.map(({ id, type, file }) => `${file ?? type} #${id}`).join(', ');

const titleText = (title: string | undefined) => (title === undefined ? '(no title)' : JSON.stringify(title));

const stateText = (after: NodeState, before: NodeState) => (after === 'active' ? `no longer ${before}` : after);

function linkSpans({ key, before, after }: LinkChange): Span[] {
  if (after === undefined) return [plain(`: ${key} `), old('no longer connected')];
  // The output's name only says something new where the node is still the same.
  const end = before?.node === after.node ? after : { ...after, output: isBorder(after) ? after.output : undefined };
  return [plain(`: ${key} now from `), fresh(endText(end))];
}

const isBorder = ({ type, node }: End) => type === undefined && node.startsWith('-');

/** What a value was and is, or its words where it is a text. */
export function valueSpans(before: Json | undefined, after: Json | undefined): Span[] {
  if (before === undefined) return [plain('now '), fresh(short(showValue(after ?? null)))];
  if (after === undefined) return [old(short(showValue(before))), plain(' removed')];
  if (isProse(before) && isProse(after)) {
    const pieces = wordDiff(before, after);
    if (pieces.some(({ is, text }) => is === 'same' && /[\p{L}\p{N}]/u.test(text))) return wordSpans(pieces);
  }
  return arrow(short(showValue(before)), short(showValue(after)));
}

/** A text of several words, also in scripts that put no blanks between them: a prompt, a note. */
const isProse = (value: Json): value is string =>
  typeof value === 'string' && /\S\s+\S|\p{L}[,;\u3001\u3002\uff0c\uff1b]\p{L}/u.test(value);

/** Longest piece of a value that is shown whole, in characters. */
const shown = 240;
/** What is kept around words that changed. */
const margin = 24;

const short = (text: string) =>
  text.length <= shown ? text : `${text.slice(0, (shown * 2) / 3)}... (${text.length} characters)`;

/** Words that changed with a little around them; long texts are cut where nothing changed. */
function wordSpans(pieces: readonly WordPiece[]): Span[] {
  const last = pieces.length - 1;
  return pieces.map(({ is, text }, at): Span => {
    if (is !== 'same') return { is, text: oneLine(short(text)) };
    const [head, tail] = [at === 0 ? '' : text.slice(0, margin), at === last ? '' : text.slice(-margin)];
    const cut = text.length > margin * 3 && head.length + tail.length < text.length;
    return plain(oneLine(cut ? `${head}...${tail}` : text));
  });
}

const oneLine = (text: string) => text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
