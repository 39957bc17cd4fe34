import { endText, nodeText } from './describe.js';
import type { End, Fact } from './facts.js';
import type { Json } from './json.js';
import { showValue } from './show-value.js';
import type { ChainMember, NodeState, WorkflowChange } from './workflow-change.js';

/** One change in words: `KSampler "base" #3: steps 20 -> 30`, `LoraLoader #12 added: lora_name ink.safetensors`. */
export function changeText(change: WorkflowChange): string {
  const who = change.node === undefined ? graphText(change.path) : nodeText(change.node);
  switch (change.kind) {
    case 'node-added':
      return `${who} added${factsText(change.facts)}`;
    case 'node-removed':
      return `${who} removed`;
    case 'subgraph-added':
    case 'subgraph-removed':
      return `${who} ${change.kind === 'subgraph-added' ? 'added' : 'removed'}, with ${change.nodes} ${change.nodes === 1 ? 'node' : 'nodes'}`;
    case 'group':
      return `${who}: group ${JSON.stringify(change.title)} ${change.added ? 'added' : 'removed'}`;
    case 'renamed':
      return `${who}: renamed ${titleText(change.before)} -> ${titleText(change.after)}`;
    case 'state':
      return `${who}: ${stateText(change.after, change.before)}`;
    case 'chain':
      return `${who}: LoRA chain re-ordered: ${chainText(change.before)} -> ${chainText(change.after)}`;
    case 'link':
      return `${who}: ${change.key} ${linkText(change.before, change.after)}`;
    case 'value':
    case 'property':
      return `${who}: ${change.key} ${valueText(change.before, change.after)}`;
  }
}

const graphText = (path: readonly string[]) => (path.length === 0 ? 'workflow' : `subgraph ${path.join(' / ')}`);

const chainText = (members: readonly ChainMember[]) =>
  members.map(({ id, type, file }) => `${file ?? type} #${id}`).join(', ');

/** What was set on a new node; its links show at their other ends or are for the reader of the file. */
function factsText(facts: readonly Fact[]): string {
  const values = facts.flatMap((fact) =>
    fact.kind === 'value' ? [`${fact.key} ${short(showValue(fact.value))}`] : [],
  );
  return values.length === 0 ? '' : `: ${values.join(', ')}`;
}

const titleText = (title: string | undefined) => (title === undefined ? '(no title)' : JSON.stringify(title));

const stateText = (after: NodeState, before: NodeState) => (after === 'active' ? `no longer ${before}` : after);

function linkText(before: End | undefined, after: End | undefined): string {
  if (after === undefined) return 'no longer connected';
  // The output's name only says something new where the node is still the same.
  const end = before?.node === after.node ? after : { ...after, output: isBorder(after) ? after.output : undefined };
  return `now from ${endText(end)}`;
}

const isBorder = ({ type, node }: End) => type === undefined && node.startsWith('-');

function valueText(before: Json | undefined, after: Json | undefined): string {
  if (before === undefined) return `now ${short(showValue(after ?? null))}`;
  if (after === undefined) return `${short(showValue(before))} removed`;
  const [was, is] = typeof before === 'string' && typeof after === 'string' ? around(before, after) : [before, after];
  return `${short(showValue(was))} -> ${short(showValue(is))}`;
}

/** Longest piece of a value that is shown whole, in characters. */
const shown = 80;
/** What is kept of the text before and after the place where two long texts differ. */
const margin = 20;

/** Of two long texts only the part that differs, with a little around it. */
function around(before: string, after: string): [string, string] {
  if (before.length <= shown && after.length <= shown) return [before, after];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const cut = (text: string) => {
    const [from, to] = [Math.max(0, start - margin), Math.min(text.length, text.length - end + margin)];
    return `${from > 0 ? '...' : ''}${text.slice(from, to)}${to < text.length ? '...' : ''}`;
  };
  return [cut(before), cut(after)];
}

const short = (text: string) =>
  text.length <= shown * 3 ? text : `${text.slice(0, shown * 2)}... (${text.length} characters)`;
