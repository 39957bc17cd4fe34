import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { plural } from './units.js';

interface Needed {
  readonly models: readonly string[];
  readonly workflows: readonly string[];
  readonly rows: readonly { readonly output: { readonly name: string }; readonly labels: readonly string[] }[];
}

/** More outputs than this are counted. */
const mostOutputs = 20;

/** What would be missed without a model. */
export function impactText({ models, workflows, rows }: Needed, paint: Paint): string {
  if (workflows.length === 0 && rows.length === 0) return 'nothing that git comfy knows of needs it';
  const outputs = rows
    .slice(0, mostOutputs)
    .map(({ output, labels }) => [output.name, ...labels].map(safeLine).join('  '));
  const more = rows.length - outputs.length;
  return [
    paint('bold', models.map(safeLine).join('  ')),
    ...section(plural(workflows.length, 'workflow'), workflows.map(safeLine)),
    ...section(plural(rows.length, 'output'), [...outputs, ...(more > 0 ? [paint('dim', `and ${more} more`)] : [])]),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `    ${line}`)];
