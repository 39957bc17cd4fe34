import { nodeText } from '../../workflow/describe.js';
import { drawnInputs } from '../../workflow/drawn-inputs.js';
import { type Finding, type Linted, lineOfNode } from './finding.js';

/** Seeds that ComfyUI, its frontend or a node draws anew: the commit does not say which picture comes of it; a record of the run does. */
export function seedFindings({ path, source, text }: Linted): Finding[] {
  return drawnInputs(source).map(({ node, input, how }) => ({
    path,
    ...lineOfNode(text, node.id, node.type),
    code: 'random-seed',
    text: `${path}: ${input} of ${nodeText(node)} ${how}`,
    hint: 'set it to fixed and save; or let it be: a recorded run knows the seed that it had',
  }));
}
