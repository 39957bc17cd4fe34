import { type Prompt, type PromptNode, promptLink } from '../workflow/prompt.js';
import { dependencyOrder, nodeName } from './prompt-order.js';
import { plainText } from './prompt-values.js';

/** Inputs through which a ControlNet, an IP-Adapter and their like are applied. */
const modelInputs = ['control_net', 'ipadapter', 'style_model', 'clip_vision'];

const settingNames =
  /^(?:strength.*|weight.*|.*_strength|start_percent|end_percent|start_at|end_at|noise|combine_embeds|crop|type)$/;

/** A node that steers a picture, or prepares the picture that does, with its settings. */
export interface ControlStep {
  readonly text: string;
  readonly node: string;
}

/** Nodes that apply a control model with how strongly, then what prepared their pictures (edges, poses, depth) with every setting. */
export function controlSteps(prompt: Prompt): ControlStep[] {
  const appliers = dependencyOrder(prompt).filter(({ inputs }) =>
    modelInputs.some((name) => promptLink(inputs.get(name)) !== undefined),
  );
  const prepared = new Map<string, PromptNode>();
  for (const applier of appliers) collectPreparing(prompt, applier, prepared);
  return [
    ...appliers.flatMap((node) => step(node, (name) => settingNames.test(name))),
    ...[...prepared.values()].flatMap((node) => step(node, () => true)),
  ];
}

/** Everything upstream of an applier's picture but the file that it begins with. */
function collectPreparing(prompt: Prompt, applier: PromptNode, found: Map<string, PromptNode>): void {
  const links = [promptLink(applier.inputs.get('image'))];
  for (let link = links.shift(); link !== undefined; link = links.shift()) {
    const node = prompt.nodes.get(link.node);
    if (node === undefined || found.has(node.id) || /^(?:Load|VAEDecode)/.test(node.classType)) continue;
    found.set(node.id, node);
    links.push(...[...node.inputs.values()].flatMap((value) => promptLink(value) ?? []));
  }
}

function step(node: PromptNode, named: (name: string) => boolean): ControlStep[] {
  const settings = [...node.inputs].filter(([name, value]) => named(name) && promptLink(value) === undefined);
  if (settings.length === 0) return [];
  const text = settings.map(([name, value]) => `${name} ${plainText(value)}`).join('  ');
  return [{ text: `${node.classType}  ${text}`, node: nodeName(node) }];
}
