import type { Context } from '../context.js';
import { InputError, UsageError } from '../errors.js';
import { checklistOf } from '../lineage/checklist.js';
import type { ShownOutput } from '../lineage/shown.js';
import { type Shown, show } from '../sharing/show.js';
import { shellWord } from '../shell-word.js';
import { checklistText } from '../terminal/checklist-text.js';
import { madeText } from '../terminal/made-text.js';
import { painter } from '../terminal/paint.js';
import { safe } from '../terminal/safe.js';
import { showText } from '../terminal/show-text.js';
import { treeText } from '../terminal/tree-text.js';
import { toPlain, writeJson } from '../workflow/json.js';
import type { Answer, Command, Input } from './command.js';
import { saySkipped } from './skipped-lines.js';

export const showCommand: Command = {
  name: 'show',
  group: 'everyday',
  summary: 'how a picture was made, and what has changed since',
  about:
    'Works on any picture that ComfyUI saved, in no repository too. With a record, every variable that decides a picture is shown with its ' +
    'value, how it was captured, or why it was not; then what is no longer the same on this machine. For a commit: what was made at it.',
  arguments: [
    {
      name: '<output|commit>',
      about: 'a picture or other output file, else a commit, else the first digits of the SHA-256 of a recorded file',
    },
  ],
  options: [
    { flags: '--checklist', about: 'the nine steps that people keep by hand, each with its value' },
    { flags: '--workflow', about: 'print the workflow as it was, as JSON' },
    { flags: '--prompt', about: 'print the prompt as it ran, as JSON' },
    {
      flags: '--tree',
      about:
        'the recorded outputs that it was made from, and those that were made from it, by the hashes of input files',
    },
  ],
  examples: [
    'git comfy show output/portrait_00012_.png',
    'git comfy show --workflow portrait.png > portrait.json',
    'npx git-comfy show old.png',
  ],
  run,
};

type Part = 'checklist' | 'workflow' | 'prompt' | 'tree';

async function run(context: Context, input: Input): Promise<Answer> {
  const part = partOf(input);
  if (part === 'tree') return treeAnswer(context, input.args[0] ?? '');
  const shown = await show(context, input.args[0] ?? '', part === undefined ? context : undefined);
  if (shown.kind === 'commit') return commitAnswer(context, shown, part);
  if (part === 'workflow' || part === 'prompt') return documentAnswer(context, shown, part);
  return part === 'checklist' ? checklistAnswer(context, shown) : outputAnswer(context, shown);
}

function partOf({ options }: Input): Part | undefined {
  const parts = (['checklist', 'workflow', 'prompt', 'tree'] as const).filter((name) => options[name] === true);
  if (parts.length > 1) throw new UsageError(`--${parts[0]} and --${parts[1]} cannot be given together`);
  return parts[0];
}

async function treeAnswer(context: Context, asked: string): Promise<Answer> {
  const { outputTree } = await import('../sharing/output-tree.js');
  const { skipped, ...tree } = await outputTree(context, asked);
  saySkipped(context.talk, skipped);
  return { result: tree, text: treeText(tree, painter(context.output.color)) };
}

function commitAnswer(
  { output, talk }: Context,
  shown: Extract<Shown, { kind: 'commit' }>,
  part: Exclude<Part, 'tree'> | undefined,
): Answer {
  if (part !== undefined) throw new UsageError(`--${part} is for an output, and this is a commit`);
  const { commit, runs, skipped } = shown;
  saySkipped(talk, skipped);
  const none = runs.length === 0 ? '\n    nothing that was made here is recorded' : '';
  return { result: { commit, runs, skipped }, text: `${madeText(shown, painter(output.color))}${none}` };
}

function outputAnswer({ output }: Context, shown: ShownOutput): Answer {
  const { snapshot: _, ...result } = shown;
  return { result, text: showText(shown, output.width, painter(output.color)) };
}

function checklistAnswer({ output }: Context, shown: ShownOutput): Answer {
  const steps = checklistOf(shown.variables, workflowWords(shown));
  return { result: { file: shown.file, steps }, text: checklistText(steps, output.width, painter(output.color)) };
}

function workflowWords({ file, recorded, snapshot }: ShownOutput): string {
  const write = `git comfy show --workflow ${shellWord(file)}`;
  const { workflow, commit } = recorded?.record ?? {};
  if (workflow !== undefined && commit !== undefined)
    return `${workflow.path} at ${commit.slice(0, 10)}; as it was: ${write}`;
  if (snapshot?.workflow !== undefined) return `as it was: ${write}`;
  return 'not captured, because no workflow is embedded in the output (the prompt is: --prompt)';
}

/** Exactly as it was, every number; what had been too private to store is said. */
function documentAnswer({ talk }: Context, { file, snapshot }: ShownOutput, part: 'workflow' | 'prompt'): Answer {
  const document = part === 'prompt' && snapshot?.parameters !== undefined ? undefined : snapshot?.[part];
  if (document === undefined) {
    throw new InputError(
      `no-${part}`,
      `the ${part} of ${file} is not known: it is not in the file, and not in the record`,
      {
        hint:
          part === 'workflow'
            ? `the prompt may be: git comfy show --prompt ${shellWord(file)}`
            : `git comfy show ${shellWord(file)} says what is known`,
      },
    );
  }
  const private_ = (snapshot?.redacted ?? []).filter((path) => path.startsWith(part));
  if (private_.length > 0) talk.say(`not stored, a marker stands there: ${private_.join(', ')}`);
  return { result: { [part]: toPlain(document) }, text: safe(writeJson(document, ' ')) };
}
