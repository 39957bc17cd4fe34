import { sameValueText } from './exact-number.js';
import { isSeedName, type Prompt, type PromptNode, promptLink } from './prompt.js';

/** How two documents relate on the ladder of product.md, "How a run finds its commit". */
export type PromptMatch = 'exact' | 'seeds' | { readonly derived: readonly string[] };

/**
 * Compares a committed prompt (or a committed workflow, converted) with one that ran: the same nodes and links, and which values differ, as
 * `<node id>.<input>`. A prompt has no control beside its seeds, so any seed may differ. `undefined`: another graph.
 */
export function comparePrompts(committed: Prompt, executed: Prompt): PromptMatch | undefined {
  if (committed.nodes.size !== executed.nodes.size) return undefined;
  const differs: string[] = [];
  for (const [id, before] of committed.nodes) {
    const after = executed.nodes.get(id);
    const inputs = after === undefined ? undefined : differingInputs(before, after);
    if (inputs === undefined) return undefined;
    differs.push(...inputs.map((input) => `${id}.${input}`));
  }
  if (differs.length === 0) return 'exact';
  return differs.every((path) => isSeedName(path.slice(path.indexOf('.') + 1))) ? 'seeds' : { derived: differs };
}

/** Names of values that differ; `undefined` where the class or a link does. */
function differingInputs(before: PromptNode, after: PromptNode): string[] | undefined {
  if (before.classType !== after.classType) return undefined;
  const names = [...new Set([...before.inputs.keys(), ...after.inputs.keys()])];
  const differs = names.filter(
    (name) => sameValueText(before.inputs.get(name)) !== sameValueText(after.inputs.get(name)),
  );
  const isLink = (name: string) =>
    promptLink(before.inputs.get(name)) !== undefined || promptLink(after.inputs.get(name)) !== undefined;
  return differs.some(isLink) ? undefined : differs;
}
