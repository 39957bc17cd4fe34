import type { Fact, GraphFacts, NodeFacts } from './facts.js';
import { type Prompt, type PromptNode, promptLink, readPrompt, withoutVolatile } from './prompt.js';

/** The facts of a prompt, in the shape of a workflow's: one graph, nodes by id, values and links by input name. */
export function promptFacts(prompt: Prompt): GraphFacts {
  const clean = readPrompt(withoutVolatile(prompt.source));
  const nodes = [...clean.nodes.values()].map((node): [string, NodeFacts] => [node.id, nodeFacts(node, clean)]);
  return { definition: undefined, path: [], nodes: new Map(nodes), facts: [] };
}

function nodeFacts({ id, classType, title, inputs }: PromptNode, prompt: Prompt): NodeFacts {
  const facts = [...inputs].map(([key, value]): Fact => {
    const link = promptLink(value);
    if (link === undefined) return { kind: 'value', key, value };
    const type = prompt.nodes.get(link.node)?.classType;
    return { kind: 'link', key, value: { ...link, type, output: `output ${link.slot}` } };
  });
  // ComfyUI writes the class' display name where the user gave no title, so a title is no fact of its own here.
  const name = { definition: undefined, path: [], type: classType, title: title === classType ? undefined : title, id };
  return { name, type: classType, facts };
}
