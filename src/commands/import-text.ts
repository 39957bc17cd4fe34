import type { ImportedArchive } from '../capture/import-archive.js';
import type { ArrivedInput } from '../capture/import-inputs.js';
import type { ArrivedWorkflow } from '../capture/import-workflow.js';
import { shellWord } from '../shell-word.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';

/** What came of an archive, and what to type next. */
export function archiveText({ record, known, outputs, workflow, inputs }: ImportedArchive): string {
  const digits = outputs[0]?.sha256.slice(0, 12) ?? '';
  const what = known
    ? 'was known already'
    : record === undefined
      ? 'would be recorded'
      : `recorded as ${record.slice(0, 12)}`;
  const names = outputs.map(({ name }) => safeLine(name)).join(', ');
  return [
    `run of ${plural(outputs.length, 'output')} (${names}): ${what}`,
    workflowLine(workflow),
    ...inputs.map(inputLine),
    ...(record === undefined && !known ? [] : [`next: git comfy reproduce ${digits} --dry-run`]),
  ].join('\n');
}

function workflowLine({ path, state, tracked }: ArrivedWorkflow): string {
  const shown = safeLine(path);
  if (state === 'other')
    return `workflow: ${shown} is there with other content and stays: give another place with --to`;
  const said = state === 'same' ? 'is there already' : state;
  const track = tracked ? '' : `; not tracked as a workflow: git comfy init --track ${shellWord(safeLine(path))}`;
  return `workflow: ${shown} ${said}${track}`;
}

function inputLine({ key, state, name }: ArrivedInput): string {
  const shown = safeLine(key);
  if (state === 'no folder')
    return `input ${shown}: ComfyUI's input folder was not found: git config comfy.directory <folder>`;
  const as = name === undefined || name === key ? '' : ` as ${safeLine(name)}`;
  return `input ${shown}: ${state === 'same' ? 'is there already' : `${state} into ComfyUI's input folder`}${as}`;
}
