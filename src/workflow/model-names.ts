import type { Workflow } from './graph.js';
import { stackedTexts } from './lora-stacks.js';
import { hasModelExtension } from './model-inputs.js';

/** Texts of a workflow's widgets that look like names of model files, whoever may use them. */
export function modelNamesIn({ root, definitions }: Workflow): string[] {
  const nodes = [root, ...definitions.values()].flatMap((graph) => [...graph.nodes.values()]);
  const values = nodes.flatMap(({ values: list = [], named = new Map() }) => [...list, ...named.values()]);
  return values
    .flatMap((value) => stackedTexts(value))
    .map(({ text }) => text)
    .filter((text) => text.length < 1024 && hasModelExtension(text));
}
