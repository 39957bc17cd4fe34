import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import { ServerError } from '../errors.js';
import type { InputSpec, NodeInterface, ObjectInfo } from '../workflow/interfaces.js';
import type { JsonObject } from '../workflow/json.js';
import { nonceInput, type PromptNode, readPrompt } from '../workflow/prompt.js';

/**
 * Whether the server's nodes can take what the recorded prompt has for them: asked before it is queued, so that a renamed input is named as
 * such, and not as a value that is missing.
 * @param info interfaces of the classes of the prompt as the server has them now; `undefined` where it was not asked
 * @throws ServerError `class-missing`, `interface-changed`
 */
export function checkInterfaces(server: Server, prompt: JsonObject, info: ObjectInfo | undefined): void {
  if (info === undefined) return;
  const read = readPrompt(prompt);
  const missing = [...new Set([...read.nodes.values()].map(({ classType }) => classType))].filter(
    (name) => !info.has(name),
  );
  if (missing.length > 0) {
    throw new ServerError('class-missing', `${serverName(server)} has no node ${missing.join(', ')}`, {
      hint: 'install the pack that has it and restart ComfyUI; the pack as it was then: git comfy reproduce --packs=worktree',
    });
  }
  const problems = [...read.nodes.values()].flatMap((node) => problemOf(node, info.get(node.classType)));
  if (problems.length === 0) return;
  throw new ServerError('interface-changed', problems.join('; '), {
    hint: 'run it with the pack as it was then: git comfy reproduce --packs=worktree',
  });
}

function problemOf(node: PromptNode, now: NodeInterface | undefined): string[] {
  if (now === undefined) return [];
  const wanted = now.inputs.filter((input) => isNeeded(input) && !isGiven(node, input.name));
  if (wanted.length === 0) return [];
  const known = new Set(now.inputs.map(({ name }) => name.split('.')[0]));
  const left = [...node.inputs.keys()].filter((name) => name !== nonceInput && !known.has(name.split('.')[0] ?? name));
  const name = `${node.title ?? node.classType} #${node.id}`;
  const names = wanted.map((input) => input.name).join(', ');
  const had =
    left.length === 0 ? 'the record has no value for it' : `the record has ${left.join(', ')}, which it has no more`;
  return [`${name}: it now needs ${names}; ${had}`];
}

/** A dynamic input may do without any member. */
const isNeeded = ({ section, type }: InputSpec) => section === 'required' && !type.startsWith('COMFY_');

/** Members of a dynamic input stand in the prompt as `<name>.<member>`. */
const isGiven = ({ inputs }: PromptNode, name: string) =>
  inputs.has(name) || [...inputs.keys()].some((key) => key.startsWith(`${name}.`));
