import type { Prompt } from '../workflow/prompt.js';

/**
 * The node that saved a file, for an output that nobody watched being made: the only one that saves, else the only one whose prefix the file's
 * name begins with. An empty id where the prompt leaves it open.
 */
export function outputNode(prompt: Prompt, fileName: string): string {
  const savers = [...prompt.nodes.values()].flatMap(({ id, inputs }) => {
    const prefix = inputs.get('filename_prefix');
    return typeof prefix === 'string' ? [{ id, start: prefix.split(/[/\\]/).at(-1) ?? '' }] : [];
  });
  if (savers.length === 1) return savers[0]?.id ?? '';
  const fitting = savers.filter(({ start }) => fileName.startsWith(`${start}_`));
  return fitting.length === 1 ? (fitting[0]?.id ?? '') : '';
}
