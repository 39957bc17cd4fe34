import { type Prompt, type PromptNode, promptLink } from '../workflow/prompt.js';

/** Nodes so that each comes after those it takes from; a chain of LoRAs comes in the order in which it is applied. Cycles are cut. */
export function dependencyOrder(prompt: Prompt): PromptNode[] {
  const ordered = new Map<string, PromptNode>();
  const entered = new Set<string>();
  for (const root of prompt.nodes.values()) {
    // A stack of our own: a hostile prompt may be one chain of thousands of nodes.
    const stack = [root];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const next = entered.has(node.id) ? [] : originsOf(prompt, node).filter(({ id }) => !entered.has(id));
      entered.add(node.id);
      if (next.length > 0) stack.push(...next.reverse());
      else {
        ordered.set(node.id, node);
        stack.pop();
      }
    }
  }
  return [...ordered.values()];
}

function originsOf(prompt: Prompt, node: PromptNode): PromptNode[] {
  return [...node.inputs.values()].flatMap((value) => {
    const origin = prompt.nodes.get(promptLink(value)?.node ?? '');
    return origin === undefined ? [] : [origin];
  });
}

/** `KSampler "base" #3` */
export const nodeName = ({ classType, title, id }: PromptNode): string =>
  title === undefined || title === classType ? `${classType} #${id}` : `${classType} "${title}" #${id}`;
